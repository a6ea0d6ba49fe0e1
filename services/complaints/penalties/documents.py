"""Penalties, as they are stored."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.directives.rules import Violation
from services.complaints.penalties.debt_rules import Account, Back, Due, Paid, Spared
from services.complaints.penalties.decision_documents import Decided, Discussion, NoticeLetter, OnSpot, Review
from services.complaints.penalties.evidence_documents import Monitored
from services.complaints.penalties.licence_documents import NamedLicence, Suspended
from services.complaints.penalties.payment_documents import (
    TEXT,
    ZERO,
    Agreement,
    Asked,
    Claim,
    Collected,
    Contest,
    Correction,
    Gain,
    MaybeText,
    Part,
    Payment,
    Publicity,
    Refund,
    Reminder,
    Replaced,
    Text,
)
from services.complaints.penalties.person_documents import Responsible
from services.complaints.penalties.rules import OriginKind, State, Toward
from services.complaints.penalty_grounds import rules as ground_rules
from services.complaints.penalty_grounds.intended_rules import Intended, Leniency, Mitigation
from services.complaints.penalty_grounds.licence_rules import last_day
from services.complaints.penalty_grounds.rules import Ground, Revocable
from shared.contracts.complaints import Category
from shared.policy.calendar import Pause
from shared.policy.parameters import Used
from shared.storage.encryption import decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record
from shared.storage.taken import Taken

Said = Literal["statement", "hearing"]
ClosedFor = Literal["state_secret", "trade_secret", "privacy"]
"""Why a hearing is not open to everybody (行政处罚法 art. 64)."""


class Act(BaseModel):
    """What the enterprise did: from when to when (None: it goes on), found on which day. `harmed`: life or health."""

    violation: Violation
    began_on: dt.date
    ended_on: dt.date | None
    found_on: dt.date
    harmed: bool


class Charge(BaseModel):
    """A ground, and what its fine is reckoned by."""

    ground: Ground
    persons: int | None = None
    sum: Yuan | None = None
    gained: Yuan | None = None

    @property
    def value(self) -> ground_rules.Charge:
        return ground_rules.Charge(ground=self.ground, persons=self.persons, sum=self.sum, gained=self.gained)


class Investigated(BaseModel):
    """What the investigation found, who made it, by which grounds the act is charged, and the files that this rests on."""

    facts: Text
    charges: list[Charge]
    gain: Gain | None = None
    evidence: list[str] = []
    grave: bool
    by: str
    officers: list[str]


class Notice(BaseModel):
    """What the enterprise was told before the decision, and until when it may speak (告知书). `silent`: who looked through the
    files and found that none shows who reported in confidence; `told_on`: when it was told of further evidence, from which its time to
    speak runs anew; `letter`: the rest of the document, None where it was told by mouth, or before documents were kept."""

    text: Text
    warning: bool
    fine: Yuan
    confiscated: Yuan = Decimal("0.00")
    revoked: Revocable | None = None
    suspended: Suspended | None = None
    licence: NamedLicence | None = None
    mitigation: list[Mitigation]
    amount_reasons: Text
    given_on: dt.date
    by: str
    speak_until: dt.date
    told_on: dt.date | None = None
    hearing_due: bool
    silent: str | None = None
    letter: NoticeLetter | None = None

    @property
    def intended(self) -> Intended:
        suspended = None if self.suspended is None else self.suspended.value
        return Intended(self.warning, self.fine, self.confiscated, self.revoked, suspended)


class Statement(BaseModel):
    """What the enterprise said, and what for."""

    what: Said
    text: Text
    on: dt.date


class Hearing(BaseModel):
    """A hearing that was asked for: where and when it is, who holds it, its record, and whether the enterprise signed that.
    `called_off_on`: since when it is not held any more, as the enterprise took it back or the procedure ended before."""

    asked_on: dt.date
    on: dt.date | None = None
    place: MaybeText = None
    closed: ClosedFor | None = None
    chair: str | None = None
    record: MaybeText = None
    appeared: bool | None = None
    signed: bool | None = None
    called_off_on: dt.date | None = None


class Penalty(Record):
    """A penalty, from its filing on: on the enterprise, or on a `person` who is responsible for what it did, `beside` the one on the
    enterprise. What it arose from is never shown to the enterprise; `case_id` is the case behind it.

    `act` names the act that it punishes for good: the enterprise, what it did, and what that arose from (`root`).
    `away`: officers who stay away, `standing_back`: those of whom that is asked. `added`: what had been added to the fine before
    its parts were made anew in place of those `replaced`; `confiscation`: what is confiscated, and its last day. `as_signed`: the
    decision as its letter says it, once a review has changed it.
    """

    number: str
    origin: OriginKind
    origin_id: str | None
    root: str
    case_id: str | None
    act: str
    what: Act
    grounds: list[Ground]
    enterprise: str
    person: Responsible | None = None
    beside: str | None = None
    department: str
    district: str
    circle: Category | None = None
    away: list[str] = []
    standing_back: list[str] = []
    on_spot: OnSpot | None = None
    another_act: MaybeText = None
    filed_by: str
    filed_on: dt.date
    state: State = "filed"
    decide_by: dt.date
    extension: Asked | None = None
    found: Investigated | None = None
    monitored: list[Monitored] = []
    notice: Notice | None = None
    statements: list[Statement] = []
    waived_on: dt.date | None = None
    hearing: Hearing | None = None
    review: Review | None = None
    discussion: Discussion | None = None
    decided: Decided | None = None
    as_signed: Decided | None = None
    leniency: Leniency | None = None
    ending: MaybeText = None
    served_on: dt.date | None = None
    served_by: str | None = None
    review_by: dt.date | None = None
    sue_by: dt.date | None = None
    parts: list[Part] = []
    confiscation: Part | None = None
    collected: Collected | None = None
    percent: int = 0
    added: Yuan = Decimal("0.00")
    replaced: list[Replaced] = []
    payments: list[Payment] = []
    corrections: list[Correction] = []
    refunds: list[Refund] = []
    told_overdue: list[dt.date] = []
    deferral: Asked | None = None
    deferral_answer: MaybeText = None
    reminder: Reminder | None = None
    agreement: Agreement | None = None
    court_on: dt.date | None = None
    court_claim: Claim | None = None
    contests: list[Contest] = []
    public: bool = False
    publicity: Publicity | None = None
    withdrawn: list[Publicity] = []
    used: list[Used]

    class Settings:
        name = "penalties"
        indexes = [
            IndexModel([("enterprise", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("public", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def matter(self) -> str:
        """The penalty as what evidence belongs to."""
        return f"penalty:{self.id}"

    @property
    def whose(self) -> str:
        """On whom it is, among the penalties of one enterprise."""
        return "" if self.person is None else self.person.key

    @property
    def signed(self) -> Decided | None:
        """The decision as its letter says it."""
        return self.as_signed or self.decided

    @property
    def costs(self) -> bool:
        """Whether something is to be paid, or was."""
        return bool(self.parts or self.confiscation or self.payments or self.corrections)

    @property
    def account(self) -> Account:
        """What of the fine is due when, and what was paid."""
        return Account(
            parts=[Due(part.amount, part.on) for part in self.parts],
            payments=self._paid("fine"),
            stays=[Pause(one.first, one.last) for one in self.contests],
            added=self.added,
            percent=Decimal(self.percent),
            confiscated=None if self.confiscation is None else Due(self.confiscation.amount, self.confiscation.on),
            handed_over=self._paid("confiscated"),
            spared=[
                Spared(one.payment.amount, one.payment.recorded_on or one.payment.on, one.on)
                for one in self.corrections
                if one.spared and one.payment.toward == "fine"
            ],
            refunded=Back(fine=self._refunded("fine"), confiscated=self._refunded("confiscated")),
            undivided=self._refunded(None),
            annulled=self.state == "annulled",
        )

    def _paid(self, toward: Toward) -> list[Paid]:
        return [Paid(one.amount, one.on) for one in self.payments if one.toward == toward]

    def _refunded(self, toward: Toward | None) -> Decimal:
        return sum((one.amount for one in self.refunds if one.toward == toward), ZERO)

    @property
    def suspended_until(self) -> dt.date | None:
        """The last day of a suspension of a licence, once the decision is served."""
        suspended = None if self.decided is None else self.decided.suspended
        return None if suspended is None or self.served_on is None else last_day(self.served_on, suspended.value)

    @property
    def agreed(self) -> bool:
        """Whether an agreement on how it is carried out goes on."""
        return self.agreement is not None and self.agreement.broken_on is None

    @property
    def contested(self) -> bool:
        """Whether a review or suit goes on."""
        return any(one.last is None for one in self.contests)

    @property
    def remedies_over_on(self) -> dt.date:
        """From when a court may be applied to: the end of the time for review and suit, or of a deferral (行政处罚法 art. 72)."""
        assert self.review_by is not None
        assert self.sue_by is not None
        ended = [day for one in self.contests if (day := one.over_on(self.sue_by)) is not None]
        over = ended[-1] if ended else max(self.review_by, self.sue_by)
        return max([over, *(part.on for part in self.parts)])


class PunishedAct(Taken):
    """An act that a penalty is about, so that no two are; its id is the act's name (行政处罚法 art. 29)."""

    class Settings:
        name = "punished_acts"


class PaymentReceipt(Taken):
    """A receipt for a payment, so that it counts once among all penalties; its id is `<day of the payment>:<number>`, or
    `refund:<day>:<number>` for what was paid back."""

    class Settings:
        name = "penalty_receipts"


def encrypted_text(penalty_id: str, text: str) -> str:
    return encrypt_field(TEXT, penalty_id, text)


def clear(penalty_id: str, text: str | None) -> str | None:
    return None if text is None else decrypt_field(TEXT, penalty_id, text)
