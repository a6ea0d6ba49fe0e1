"""What HTTP shows of penalties: to officers all, to the enterprise what it was told and served, to everybody what is public.

The enterprise never reads what a penalty arose from, nor who investigated it, nor of a decision before it is served.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Self, TypeVar

from fastapi import Response
from pydantic import BaseModel

from services.complaints.directives.rules import Violation
from services.complaints.penalties import payment_rules
from services.complaints.penalties.documents import ContestKind, Part, Payment, Penalty, Said, clear
from services.complaints.penalties.ground_rules import GROUNDS, Ground
from services.complaints.penalties.rules import OWED, Leniency, Mitigation, OriginKind, State
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.web.etags import set_etag

View = TypeVar("View", bound=BaseModel)

UNTOLD: Final[Mapping[State, State]] = {"decided": "notified", "referred": "notified"}
"""What the enterprise reads in place of a state that it is not told of."""


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

    @classmethod
    def of(cls, penalty: Penalty) -> Self:
        kept = {*cls.model_fields} - {"penalty_id", "violation"}
        return cls(penalty_id=penalty.id, violation=penalty.what.violation, **penalty.model_dump(include=kept))


class NoticeView(BaseModel):
    """What the enterprise was told, and until when it may speak."""

    text: str
    articles: list[str]
    warning: bool
    fine: Yuan
    mitigation: list[Mitigation]
    amount_reasons: str
    given_on: dt.date
    speak_until: dt.date
    hearing_due: bool


class StatementView(BaseModel):
    """What the enterprise said."""

    what: Said
    text: str
    on: dt.date


class PenaltyHearingView(BaseModel):
    """A hearing: when and where, and its record once it was held."""

    asked_on: dt.date
    on: dt.date | None
    place: str | None
    record: str | None
    appeared: bool | None


class PenaltyDecisionView(BaseModel):
    """A decision, and until when it is contested once it is served."""

    warning: bool
    fine: Yuan
    text: str
    amount_reasons: str
    on: dt.date
    served_on: dt.date | None
    review_by: dt.date | None
    sue_by: dt.date | None


class DebtView(BaseModel):
    """What of a fine is due when, and today's figures. `owed`: fine and surcharge less what was paid; `refund`: what was paid
    beyond it."""

    parts: list[Part]
    payments: list[Payment]
    percent_a_day: int
    surcharge: Yuan
    paid: Yuan
    owed: Yuan
    refund: Yuan
    reminded_on: dt.date | None
    deferral_asked: bool
    deferral_answer: str | None


class ContestView(BaseModel):
    """A review or suit."""

    kind: ContestKind
    first: dt.date
    last: dt.date | None


class PublicityView(BaseModel):
    """What is public of a decision."""

    text: str
    published_on: dt.date
    withdrawn_on: dt.date | None
    withdrawn_for: str | None


class ToldView(BaseModel):
    """A penalty as the enterprise reads it; `rests_on` are the parameters used."""

    penalty_id: str
    number: str
    state: State
    violation: Violation
    notice: NoticeView | None
    statements: list[StatementView]
    waived_on: dt.date | None
    hearing: PenaltyHearingView | None
    decision: PenaltyDecisionView | None
    debt: DebtView | None
    contests: list[ContestView]
    ending: str | None
    publicity: PublicityView | None
    rests_on: list[Used]

    @classmethod
    def of(cls, penalty: Penalty) -> Self:
        """As the enterprise reads it: nothing of a decision before it is served."""
        shown = _told(penalty)
        if penalty.served_on is None:
            shown["decision"] = None
        if penalty.state == "referred":
            shown["ending"] = None
        return cls(**shown | {"state": UNTOLD.get(penalty.state, penalty.state)})


class ToldRow(BaseModel):
    """A penalty in the enterprise's list."""

    penalty_id: str
    number: str
    state: State
    violation: Violation
    speak_until: dt.date

    @classmethod
    def of(cls, penalty: Penalty) -> Self:
        assert penalty.notice is not None
        return cls(
            penalty_id=penalty.id,
            number=penalty.number,
            state=UNTOLD.get(penalty.state, penalty.state),
            violation=penalty.what.violation,
            speak_until=penalty.notice.speak_until,
        )


class ChargeView(BaseModel):
    """A ground, its article, and what its fine is reckoned by."""

    ground: Ground
    article: str
    persons: int | None
    sum: Yuan | None


class FoundView(BaseModel):
    """What the investigation found, and who made it."""

    facts: str
    charges: list[ChargeView]
    grave: bool
    officers: list[str]


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


class PenaltyFile(ToldView):
    """A penalty as officers read it, with what it arose from and who did what."""

    origin: OriginKind
    origin_id: str | None
    enterprise: str
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
            **_told(penalty),
            **penalty.model_dump(include=kept),
            **penalty.what.model_dump(include={"began_on", "ended_on", "found_on"}),
            another_act=clear(own, penalty.another_act),
            extension_days=None if asked is None else asked.days,
            extension_reason=None if asked is None else clear(own, asked.text),
            found=_of(FoundView, own, found, "facts", charges=charges),
            review=_of(ReviewView, own, penalty.review, "opinion"),
            discussion=_of(DiscussionView, own, penalty.discussion, "record"),
            decided_by=None if penalty.decided is None else penalty.decided.by,
            deferral_text=None if penalty.deferral is None else clear(own, penalty.deferral.text),
        )


class PublicPenalty(BaseModel):
    """A decision that is published, or, once it was taken back, that and why alone."""

    penalty_id: str
    number: str
    enterprise: str
    enterprise_name: str
    text: str | None
    warning: bool | None
    fine: Yuan | None
    published_on: dt.date
    withdrawn_on: dt.date | None
    withdrawn_for: str | None

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
            published_on=publicity.published_on,
            withdrawn_on=publicity.withdrawn_on,
            withdrawn_for=clear(penalty.id, publicity.withdrawn_for),
        )


def shown(penalty: Penalty, response: Response) -> PenaltyFile:
    set_etag(response, penalty.revision)
    return PenaltyFile.of(penalty)


def _told(penalty: Penalty) -> dict[str, Any]:
    own = penalty.id
    articles = [GROUNDS[ground].article for ground in penalty.grounds]
    served = {name: getattr(penalty, name) for name in ("served_on", "review_by", "sue_by")}
    return {
        "penalty_id": own,
        "number": penalty.number,
        "state": penalty.state,
        "violation": penalty.what.violation,
        "notice": _of(NoticeView, own, penalty.notice, "text", "amount_reasons", articles=articles),
        "statements": [_of(StatementView, own, one, "text") for one in penalty.statements],
        "waived_on": penalty.waived_on,
        "hearing": _of(PenaltyHearingView, own, penalty.hearing, "place", "record"),
        "decision": _of(PenaltyDecisionView, own, penalty.decided, "text", "amount_reasons", **served),
        "debt": _debt(penalty) if penalty.parts else None,
        "contests": [ContestView(**one.model_dump()) for one in penalty.contests],
        "ending": clear(own, penalty.ending),
        "publicity": _of(PublicityView, own, penalty.publicity, "text", "withdrawn_for"),
        "rests_on": penalty.used,
    }


def _debt(penalty: Penalty) -> DebtView:
    """The figures of today, or of the last payment where nothing is owed any more."""
    account, last = penalty.account, penalty.payments[-1].on if penalty.payments else None
    day = shanghai_date(clock.now()) if penalty.state in OWED or last is None else last
    added = payment_rules.surcharge(account, day)
    owed = Decimal("0.00") - account.paid if penalty.state == "annulled" else account.fine + added - account.paid
    return DebtView(
        parts=penalty.parts,
        payments=penalty.payments,
        percent_a_day=penalty.percent,
        surcharge=added,
        paid=account.paid,
        owed=max(owed, payment_rules.ZERO),
        refund=max(-owed, payment_rules.ZERO),
        reminded_on=None if penalty.reminder is None else penalty.reminder.on,
        deferral_asked=penalty.deferral is not None,
        deferral_answer=clear(penalty.id, penalty.deferral_answer),
    )


def _of(view: type[View], own: str, stored: BaseModel | None, *texts: str, **more: Any) -> View | None:
    """A view of what is stored, with its `texts` in clear, and `more` that is not stored in it."""
    if stored is None:
        return None
    return view(**stored.model_dump() | {name: clear(own, getattr(stored, name)) for name in texts} | more)
