"""What HTTP shows of penalties: to officers all, to the enterprise what it was told and served, to everybody what is public."""

from __future__ import annotations

import datetime as dt
from typing import Self

from fastapi import Response
from pydantic import BaseModel

from services.complaints.directives.rules import Violation
from services.complaints.penalties.documents import Penalty, clear
from services.complaints.penalties.evidence_documents import Monitored
from services.complaints.penalties.licence_documents import Suspended
from services.complaints.penalties.person_documents import Responsibility, clear_person
from services.complaints.penalties.rules import OriginKind, State
from services.complaints.penalties.told_views import MonitoredView, ToldView, monitored_view, told, view_of
from services.complaints.penalty_grounds.intended_rules import Leniency
from services.complaints.penalty_grounds.rules import GROUNDS, Ground, Revocable
from shared.identity.masking import mask_id, mask_name
from shared.storage.fields import Yuan
from shared.web.etags import set_etag


class PenaltyView(BaseModel):
    """A penalty in a list."""

    penalty_id: str
    number: str
    state: State
    violation: Violation
    enterprise: str
    district: str
    filed_on: dt.date
    decide_by: dt.date
    of_person: bool

    @classmethod
    def of(cls, penalty: Penalty) -> Self:
        kept = {*cls.model_fields} - {"penalty_id", "violation", "of_person"}
        return cls(
            penalty_id=penalty.id,
            of_person=penalty.person is not None,
            violation=penalty.what.violation,
            **penalty.model_dump(include=kept),
        )


class ChargeView(BaseModel):
    """A ground, its article, and what its fine is reckoned by."""

    ground: Ground
    article: str
    persons: int | None
    sum: Yuan | None


class MonitoredFile(MonitoredView):
    """A file that equipment recorded, with what its review found."""

    evidence_id: str
    opinion: str | None
    reviewed_by: str | None
    reviewed_on: dt.date | None

    @classmethod
    def of(cls, penalty_id: str, one: Monitored) -> Self:
        kept = one.model_dump(include={"evidence_id", "reviewed_by", "reviewed_on"})
        shown = monitored_view(penalty_id, one).model_dump()
        return cls(**shown, **kept, opinion=clear(penalty_id, one.opinion))


class FoundView(BaseModel):
    """What the investigation found, and who made it."""

    facts: str
    charges: list[ChargeView]
    grave: bool
    officers: list[str]
    evidence: list[str]


class ReviewView(BaseModel):
    """The legal review."""

    passed: bool
    opinion: str
    by: str


class DiscussionView(BaseModel):
    """The collective discussion."""

    on: dt.date
    people: list[str]
    record: str


class PersonView(BaseModel):
    """On whom a penalty is, masked."""

    responsibility: Responsibility
    name: str
    id_number: str
    position: str

    @classmethod
    def of(cls, penalty: Penalty) -> Self | None:
        person, own = penalty.person, penalty.id
        if person is None:
            return None
        return cls(
            responsibility=person.responsibility,
            name=mask_name(clear_person(own, person.name)),
            id_number=mask_id(clear_person(own, person.id_number)),
            position=clear_person(own, person.position),
        )


class PenaltyFile(ToldView):
    """A penalty as officers read it, with what it arose from and who did what."""

    origin: OriginKind
    origin_id: str | None
    enterprise: str
    person: PersonView | None
    beside: str | None
    district: str
    grounds: list[Ground]
    began_on: dt.date
    ended_on: dt.date | None
    found_on: dt.date
    filed_on: dt.date
    filed_by: str
    decide_by: dt.date
    another_act: str | None
    extension_days: int | None
    extension_reason: str | None
    found: FoundView | None
    monitored: list[MonitoredFile]
    review: ReviewView | None
    discussion: DiscussionView | None
    decided_by: str | None
    leniency: Leniency | None
    deferral_text: str | None

    @classmethod
    def of(cls, penalty: Penalty) -> Self:
        own, found, asked = penalty.id, penalty.found, penalty.extension
        kept = {
            "origin",
            "origin_id",
            "enterprise",
            "beside",
            "district",
            "grounds",
            "filed_on",
            "filed_by",
            "decide_by",
            "leniency",
        }
        charges = [
            ChargeView(**one.model_dump(), article=GROUNDS[one.ground].article)
            for one in ([] if found is None else found.charges)
        ]
        return cls(
            **told(penalty),
            **penalty.model_dump(include=kept),
            **penalty.what.model_dump(include={"began_on", "ended_on", "found_on"}),
            person=PersonView.of(penalty),
            another_act=clear(own, penalty.another_act),
            extension_days=None if asked is None else asked.days,
            extension_reason=None if asked is None else clear(own, asked.text),
            found=view_of(FoundView, own, found, "facts", charges=charges),
            monitored=[MonitoredFile.of(own, one) for one in penalty.monitored],
            review=view_of(ReviewView, own, penalty.review, "opinion"),
            discussion=view_of(DiscussionView, own, penalty.discussion, "record"),
            decided_by=None if penalty.decided is None else penalty.decided.by,
            deferral_text=None if penalty.deferral is None else clear(own, penalty.deferral.text),
        )


class TakenBack(BaseModel):
    """An earlier publication of a decision: when it was taken back, and why."""

    published_on: dt.date
    withdrawn_on: dt.date | None
    withdrawn_for: str | None


class PublicPenalty(BaseModel):
    """A decision that is published, or, once it was taken back, that and why alone; `earlier`: as it was before it was changed."""

    penalty_id: str
    number: str
    enterprise: str
    enterprise_name: str
    text: str | None
    warning: bool | None
    fine: Yuan | None
    confiscated: Yuan | None
    revoked: Revocable | None
    suspended: Suspended | None
    published_on: dt.date
    withdrawn_on: dt.date | None
    withdrawn_for: str | None
    earlier: list[TakenBack]

    @classmethod
    def of(cls, penalty: Penalty, name: str) -> Self:
        publicity, decided = penalty.publicity, penalty.decided
        assert publicity is not None
        assert decided is not None
        stands = publicity.withdrawn_on is None
        return cls(
            penalty_id=penalty.id,
            number=penalty.number,
            enterprise=penalty.enterprise,
            enterprise_name=name,
            text=clear(penalty.id, publicity.text) if stands else None,
            warning=decided.warning if stands else None,
            fine=decided.fine if stands else None,
            confiscated=decided.confiscated if stands else None,
            revoked=decided.revoked if stands else None,
            suspended=decided.suspended if stands else None,
            published_on=publicity.published_on,
            withdrawn_on=publicity.withdrawn_on,
            withdrawn_for=clear(penalty.id, publicity.withdrawn_for),
            earlier=[
                TakenBack(
                    published_on=one.published_on,
                    withdrawn_on=one.withdrawn_on,
                    withdrawn_for=clear(penalty.id, one.withdrawn_for),
                )
                for one in penalty.withdrawn
            ],
        )


def shown(penalty: Penalty, response: Response) -> PenaltyFile:
    set_etag(response, penalty.revision)
    return PenaltyFile.of(penalty)
