"""What HTTP shows an enterprise of its penalties: what it was told and served.

The enterprise never reads what a penalty arose from, nor who investigated it, nor of a decision before it is served.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, Self, TypeVar

from pydantic import BaseModel

from services.complaints.directives.rules import Violation
from services.complaints.evidence.documents import Evidence
from services.complaints.penalties.debt_views import DebtView, debt_of
from services.complaints.penalties.documents import ClosedFor, Penalty, Said, clear
from services.complaints.penalties.evidence_documents import Monitored
from services.complaints.penalties.licence_documents import NamedLicence, Suspended
from services.complaints.penalties.payment_documents import ContestKind
from services.complaints.penalties.rules import State
from services.complaints.penalty_grounds.intended_rules import Mitigation
from services.complaints.penalty_grounds.rules import GROUNDS, Revocable
from shared.identity.masking import mask_name
from shared.policy.parameters import Used
from shared.storage.fields import Yuan

View = TypeVar("View", bound=BaseModel)

UNTOLD: Final[Mapping[State, State]] = {"decided": "notified", "referred": "notified"}
"""What the enterprise reads in place of a state that it is not told of."""


class NoticeLetterView(BaseModel):
    """The party, where and how it states, defends and asks for a hearing, and in whose name it is told."""

    party: str
    speak_to: str
    authority: str


class NoticeView(BaseModel):
    """What the enterprise was told, and until when it may speak."""

    text: str
    articles: list[str]
    warning: bool
    fine: Yuan
    confiscated: Yuan
    revoked: Revocable | None
    suspended: Suspended | None
    licence: NamedLicence | None
    mitigation: list[Mitigation]
    amount_reasons: str
    given_on: dt.date
    speak_until: dt.date
    hearing_due: bool
    letter: NoticeLetterView | None


class StatementView(BaseModel):
    """What the enterprise said."""

    what: Said
    text: str
    on: dt.date


class PenaltyHearingView(BaseModel):
    """A hearing: when and where, and its record once it was held. `called_off_on`: since when it is not held any more."""

    asked_on: dt.date
    on: dt.date | None
    place: str | None
    closed: ClosedFor | None
    record: str | None
    appeared: bool | None
    signed: bool | None
    called_off_on: dt.date | None


class DecisionLetterView(BaseModel):
    """The party, how it pays, to whom it may apply for review, where it may sue, and in whose name it is decided."""

    party: str
    address: str
    pay_to: str | None
    review_body: str
    court: str
    authority: str


Letter = TypeVar("Letter", NoticeLetterView, DecisionLetterView)


class PenaltyDecisionView(BaseModel):
    """A decision, the articles that it rests on, the answer to what the enterprise stated, what is to be put right, and until when
    it is contested once served."""

    articles: list[str]
    warning: bool
    fine: Yuan
    confiscated: Yuan
    revoked: Revocable | None
    suspended: Suspended | None
    suspended_until: dt.date | None
    licence: NamedLicence | None
    text: str
    amount_reasons: str
    answer: str | None
    order: str | None
    letter: DecisionLetterView | None
    on: dt.date
    served_on: dt.date | None
    review_by: dt.date | None
    sue_by: dt.date | None


class GainView(BaseModel):
    """What the act brought in, what of it goes back to those harmed, what they have, and how it was reckoned."""

    received: Yuan
    owed_back: Yuan
    repaid: Yuan
    calculation: str


class OnSpotView(BaseModel):
    """Where a decision was made on the spot, by officers with which cards, whether the party signed, and since when it is on
    record."""

    place: str
    certificates: list[str]
    signed: bool
    note: str | None
    recorded_on: dt.date | None


class MonitoredView(BaseModel):
    """The equipment that recorded a file by itself, where it stands, since when it is approved in law and technology and its place
    public, and whether the record was reviewed and holds (行政处罚法 art. 41)."""

    equipment: str
    place: str
    approved_on: dt.date
    announced_on: dt.date
    passed: bool | None


class ShownEvidence(BaseModel):
    """A file that a penalty rests on, as the enterprise sees it: not who handed it in, nor when."""

    evidence_id: str
    name: str
    about: str
    media_type: str
    size: int
    sha256: str
    monitored: MonitoredView | None

    @classmethod
    def of(cls, evidence: Evidence, penalty: Penalty) -> Self:
        own = next((one for one in penalty.monitored if one.evidence_id == evidence.id), None)
        return cls(
            evidence_id=evidence.id,
            name=evidence.clear_name,
            about=evidence.clear_about,
            monitored=None if own is None else monitored_view(penalty.id, own),
            **evidence.model_dump(include={"media_type", "size", "sha256"}),
        )


def monitored_view(penalty_id: str, one: Monitored) -> MonitoredView:
    """What the enterprise reads of a file that equipment recorded."""
    return MonitoredView(
        equipment=clear(penalty_id, one.equipment) or "",
        place=clear(penalty_id, one.place) or "",
        **one.model_dump(include={"approved_on", "announced_on", "passed"}),
    )


class ContestView(BaseModel):
    """A review or suit. `sue_by`: until when the enterprise may sue after a review that was decided; `unlawful`: a court found
    the decision unlawful and let it stand; `admitted`: it was taken up though its time was over."""

    kind: ContestKind
    first: dt.date
    last: dt.date | None
    sue_by: dt.date | None
    unlawful: bool
    admitted: bool


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
    gain: GainView | None
    on_spot: OnSpotView | None
    decision: PenaltyDecisionView | None
    debt: DebtView | None
    contests: list[ContestView]
    ending: str | None
    publicity: PublicityView | None
    rests_on: list[Used]

    @classmethod
    def of(cls, penalty: Penalty) -> Self:
        """As the enterprise reads it: nothing of a decision before it is served."""
        shown = told(penalty)
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


def told(penalty: Penalty) -> dict[str, Any]:
    """What the enterprise and officers read alike."""
    own, notice, decided = penalty.id, penalty.notice, penalty.decided
    articles = [GROUNDS[ground].article for ground in penalty.grounds]
    served = {name: getattr(penalty, name) for name in ("served_on", "review_by", "sue_by", "suspended_until")}
    return {
        "penalty_id": own,
        "number": penalty.number,
        "state": penalty.state,
        "violation": penalty.what.violation,
        "notice": view_of(
            NoticeView,
            own,
            notice,
            "text",
            "amount_reasons",
            articles=articles,
            letter=_letter(NoticeLetterView, penalty, None if notice is None else notice.letter),
        ),
        "statements": [view_of(StatementView, own, one, "text") for one in penalty.statements],
        "waived_on": penalty.waived_on,
        "hearing": view_of(PenaltyHearingView, own, penalty.hearing, "place", "record"),
        "gain": view_of(GainView, own, None if penalty.found is None else penalty.found.gain, "calculation"),
        "on_spot": view_of(OnSpotView, own, penalty.on_spot, "place", "note"),
        "decision": view_of(
            PenaltyDecisionView,
            own,
            decided,
            "text",
            "amount_reasons",
            "answer",
            "order",
            articles=articles,
            letter=_letter(DecisionLetterView, penalty, None if decided is None else decided.letter),
            **served,
        ),
        "debt": debt_of(penalty) if penalty.costs else None,
        "contests": [ContestView(**one.model_dump()) for one in penalty.contests],
        "ending": clear(own, penalty.ending),
        "publicity": view_of(PublicityView, own, penalty.publicity, "text", "withdrawn_for"),
        "rests_on": penalty.used,
    }


def _letter(view: type[Letter], penalty: Penalty, stored: BaseModel | None) -> Letter | None:
    """What a paper says; the name of a person stands on the paper alone."""
    shown = view_of(view, penalty.id, stored, *view.model_fields)
    if shown is not None and penalty.person is not None:
        shown.party = mask_name(shown.party)
    return shown


def view_of(view: type[View], own: str, stored: BaseModel | None, *texts: str, **more: Any) -> View | None:
    """A view of what is stored, with its `texts` in clear, and `more` that is not stored in it."""
    if stored is None:
        return None
    return view(**stored.model_dump() | {name: clear(own, getattr(stored, name)) for name in texts} | more)
