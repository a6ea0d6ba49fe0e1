"""What a penalty costs and how it is paid and contested, as it is stored within it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import BaseModel

from services.complaints.penalties.rules import Toward, Why
from services.complaints.penalty_grounds import gain_rules
from shared.storage.encryption import EncryptedAt
from shared.storage.fields import Yuan

ZERO: Final = Decimal("0.00")
TEXT: Final = "penalty.text"
Text = Annotated[str, EncryptedAt(TEXT)]
MaybeText = Annotated[str | None, EncryptedAt(TEXT)]

ContestKind = Literal["review", "suit"]


class Gain(BaseModel):
    """What the act brought in, what of it goes back to those harmed and what they have already, in yuan, and how it was
    reckoned."""

    received: Yuan
    owed_back: Yuan
    repaid: Yuan
    calculation: Annotated[str, EncryptedAt(TEXT)]

    @property
    def value(self) -> gain_rules.Gain:
        return gain_rules.Gain(self.received, self.owed_back, self.repaid)


class Collected(BaseModel):
    """A fine that officers collected themselves: why, the number of the receipt (None: an earlier version
    kept none), and when it reached their office and the bank (行政处罚法 art. 68-71)."""

    why: Why
    amount: Yuan
    on: dt.date
    by: str
    receipt: str | None = None
    handed_in_on: dt.date | None = None
    banked_on: dt.date | None = None


class Part(BaseModel):
    """A part of the fine, and its last day."""

    amount: Yuan
    on: dt.date


class Payment(BaseModel):
    """What the bank took in, or an officer: for what, the number of the receipt, and who recorded it when (None: an earlier
    version kept neither)."""

    amount: Yuan
    on: dt.date
    receipt: str
    toward: Toward = "fine"
    recorded_on: dt.date | None = None
    recorded_by: str | None = None


class Correction(BaseModel):
    """A payment that was recorded in error and counts here no more: which, why, and the penalty that it belongs to (None: to none).
    `spared`: nothing is added to what it had covered for the days on which it stood here."""

    payment: Payment
    on: dt.date
    by: str
    reason: Text
    moved_to: str | None
    spared: bool


class Refund(BaseModel):
    """What was paid back (退还): how much with which interest, on which day, against which receipt, and who recorded it. `toward`: of
    which sum; None where that was not said while too much was paid for both, or an earlier version kept nothing of it."""

    amount: Yuan
    interest: Yuan
    on: dt.date
    receipt: str
    by: str
    toward: Toward | None = None


class Replaced(BaseModel):
    """Parts of a fine in whose place a deferral or an agreement put others, on a day. `relief`: how much of what had been added was
    waived with it."""

    parts: list[Part]
    on: dt.date
    relief: Yuan = ZERO


class Agreement(BaseModel):
    """An agreement on how a decision is carried out (执行协议; 行政强制法 art. 42): what was agreed, what the party has mended, the
    `relief` (yuan) for that of what had been added, and the last day of the part that it did not pay, which broke it."""

    text: Text
    remedy: MaybeText
    relief: Yuan
    on: dt.date
    by: str
    broken_on: dt.date | None = None


class Asked(BaseModel):
    """A request that waits for an officer."""

    text: Text
    by: str
    days: int | None = None


class LateDays(BaseModel):
    """Days in a row on each of which so much of a fine was late."""

    amount: Yuan
    first: dt.date
    last: dt.date
    days: int


class Claim(BaseModel):
    """What is still to be paid of each sum on the day of a reminder or of an application to a court (行政强制法 art. 35, 55), and how
    what was added is reckoned: `added` in all, from `began_on` on, `before` the parts of the fine were made anew and since then
    `percent` a day of what was `late`, never more than the `cap`. `again`: what was paid back and is owed after all."""

    fine: Yuan
    surcharge: Yuan
    confiscated: Yuan
    again: Yuan
    added: Yuan
    percent: int
    cap: Yuan
    before: Yuan
    began_on: dt.date | None
    late: list[LateDays]

    @property
    def total(self) -> Decimal:
        return self.fine + self.surcharge + self.confiscated + self.again

    @property
    def days(self) -> int:
        return sum(one.days for one in self.late)


class Reminder(BaseModel):
    """A reminder (催告书): how it was given, what was owed, and until when it was to be paid (`pay_by` and `claim` None: an earlier
    version kept neither)."""

    on: dt.date
    by: str
    owed: Yuan
    pay_by: dt.date | None = None
    claim: Claim | None = None


class Contest(BaseModel):
    """A review or suit: while it goes on, nothing is added to the fine. `sue_by`: until when it may be sued after a review, from
    `received_on` on, null where an earlier version set it; `unlawful`: a court found the decision unlawful and let it stand;
    `admitted`: it was taken up though its time was over."""

    kind: ContestKind
    first: dt.date
    last: dt.date | None = None
    received_on: dt.date | None = None
    sue_by: dt.date | None = None
    unlawful: bool = False
    admitted: bool = False

    def over_on(self, sue_by: dt.date) -> dt.date | None:
        """When nobody may contest the decision any more, once this has ended: after a review by its own time to sue alone, and not by
        that from the service (`sue_by`), after a suit at once (行政诉讼法 art. 45, 46)."""
        if self.last is None or self.kind == "suit":
            return self.last
        return self.sue_by or max(self.last, sue_by)


class Publicity(BaseModel):
    """What is published of a decision, and why it was taken back."""

    text: Text
    by: str
    published_on: dt.date
    withdrawn_on: dt.date | None = None
    withdrawn_for: MaybeText = None
