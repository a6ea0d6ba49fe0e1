"""Benefits with their payments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.insurance.benefits.missing_documents import Awaited, Entered, awaited
from services.insurance.benefits.rules import State, ThirdParty, floored_by
from services.insurance.benefits.timeline import Growth, Sum, arrears, owed
from services.insurance.claims.rules import OF_THE_DEAD
from services.insurance.debts.documents import REASON
from shared import clock
from shared.contracts.base import money
from shared.contracts.insurance import BenefitFields, Payer, Scheme
from shared.policy.calendar import month_after
from shared.policy.parameters import Law, Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record

ID_NUMBER: Final = "benefit.payee_id_number"
NAME: Final = "benefit.payee_name"
ACCOUNT: Final = "benefit.account"


class Payee(BaseModel):
    """Who is paid; `id_number`, `name` and `account` are encrypted. `is_worker`: the injured worker, or else next of kin."""

    is_worker: bool
    id_number: Annotated[str, EncryptedAt(ID_NUMBER)]
    name: Annotated[str, EncryptedAt(NAME)]
    account: Annotated[str, EncryptedAt(ACCOUNT)]

    def opened(self, benefit_id: str) -> tuple[str, str, str]:
        """Id number, name and bank account in clear."""
        return (
            decrypt_field(ID_NUMBER, benefit_id, self.id_number),
            decrypt_field(NAME, benefit_id, self.name),
            decrypt_field(ACCOUNT, benefit_id, self.account),
        )


class PaymentOrder(BaseModel):
    """A payment order to the province; what was sent never changes. `tries` counts those of one payment. `reason`, why it
    failed, is encrypted."""

    number: str
    month: str | None
    amount: Yuan
    payee: Payee
    tries: int
    status: Literal["waiting", "sent", "paid", "failed"] = "waiting"
    reason: Annotated[str | None, EncryptedAt(REASON)] = None

    def clear_reason(self, benefit_id: str) -> str | None:
        return None if self.reason is None else decrypt_field(REASON, benefit_id, self.reason)


class Payment(BaseModel):
    """Money that reached the payee, in yuan. `source`: who paid; `number` is the fund's order; `by` who recorded it.

    `arrears`: the part of it that makes up for earlier months; `made_up`: what was added to a later month's order for this one.
    """

    month: str | None
    amount: Yuan
    arrears: Yuan = Decimal(0)
    made_up: Yuan = Decimal(0)
    paid_on: dt.date
    source: Payer
    number: str | None = None
    by: str


class Step(BaseModel):
    """One entry of a history. `by` is the caller's subject, or `timer` or `province`; `reason` is encrypted."""

    at: dt.datetime
    event: str
    by: str
    reason: Annotated[str | None, EncryptedAt(REASON)] = None

    @classmethod
    def now(cls, record_id: str, event: str, by: str, reason: str | None) -> Step:
        return cls(at=clock.now(), event=event, by=by, reason=_kept(record_id, reason))

    def clear_reason(self, record_id: str) -> str | None:
        return None if self.reason is None else decrypt_field(REASON, record_id, self.reason)


def _kept(record_id: str, reason: str | None) -> str | None:
    return None if reason is None else encrypt_field(REASON, record_id, reason)


class Pause(BaseModel):
    """Months (YYYY-MM), both included, for which nothing is paid since benefits were stopped (工伤保险条例 art. 42)."""

    first_month: str
    last_month: str


class Benefit(Record):
    """One benefit of a claim; its id is `<claim id>:<n>`, so that two grants at a time cannot pass each other by.

    `amount` is yuan, for monthly kinds of one month; null while open (`missing`: the parameter that nobody has). `month` is the one
    to be paid now (YYYY-MM), null for what is paid once; `first_month` and `last_month` bound it. `sums` and `growths` say what each
    month comes to; `arrears`: what is paid beside the month that is due, for earlier ones. `due_on`: until when the payment is due,
    from `due_since` on, null where an earlier version set it.
    `ends_for`: the code of what set `last_month` after the grant; `stopped_for`: of what keeps payments back now (工伤保险条例 art.
    42), `pauses`: for which months they were for good. `dependant`: whose number in the claim's register it is. `third_party`: why
    the fund pays medical costs in place of whoever caused the injury. `liable`: who owes what the fund has taken over. `basis` is
    what the sum was calculated from, `used` the parameters. `waits`: for a person, `awaits` for which values, of which those `entered`
    are. `advances` and `recoveries` count those that there ever were. `to_kin`:
    the worker has died; `kin`: the ids by which the notifier knows the next of kin who are told.
    """

    claim_id: str
    worker_id: str
    platform: str
    partner: str | None
    district: str
    scheme: Scheme
    kind: str
    payer: Payer
    liable: Payer | None = None
    occurred_on: dt.date
    state: State
    amount: Yuan | None
    missing: str | None
    month: str | None
    first_month: str | None = None
    last_month: str | None
    sums: list[Sum] = []
    growths: list[Growth] = []
    arrears: Yuan = Decimal(0)
    ends_for: str | None = None
    stopped_for: str | None = None
    pauses: list[Pause] = []
    dependant: int | None = None
    third_party: ThirdParty | None = None
    due_on: dt.date | None
    due_since: dt.date | None = None
    payee: Payee | None
    basis: dict[str, Any]
    used: list[Used]
    awaits: list[Awaited] = []
    entered: list[Entered] = []
    waits: bool = False
    document: str | None = None
    orders: list[PaymentOrder] = []
    payments: list[Payment] = []
    advances: int = 0
    recoveries: int = 0
    to_kin: bool = False
    kin: list[str] = []
    history: list[Step] = []

    class Settings:
        name = "benefits"
        indexes = [
            IndexModel([("claim_id", ASCENDING)]),
            IndexModel([("platform", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("partner", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("waits", ASCENDING), ("_id", ASCENDING)]),
        ]

    def await_values(self, missing: Iterable[tuple[str, str | None]]) -> None:
        """Wait for a person to enter these values, or the sum; for nothing where there are none."""
        self.awaits = awaited(missing)
        self.waits = bool(self.awaits)

    def awaited_but(self, key: str) -> list[tuple[str, str | None]]:
        """What else than this is awaited."""
        return [(one.key, one.entry) for one in self.awaits if one.key != key]

    @property
    def due(self) -> Decimal:
        """The sum of the payment that is due, with what it makes up for; an open benefit has none."""
        if self.amount is None:
            raise ValueError("the benefit is open")
        return self.amount + self.arrears

    @property
    def paid(self) -> Decimal:
        """All that was paid so far."""
        return sum((payment.amount for payment in self.payments), Decimal(0))

    @property
    def overpaid(self) -> Decimal:
        """What was paid for months after the last one; for a dependant also what their share has turned out to be less."""
        return sum((self._too_much(one) for one in self.payments if one.month is not None), Decimal(0))

    def _too_much(self, payment: Payment) -> Decimal:
        month, paid = payment.month or "", payment.amount - payment.arrears + payment.made_up
        if self.last_month is not None and month > self.last_month:
            return paid
        owes = owed(self.sums, self.growths, month, down=True) if self.dependant is not None else None
        return Decimal(0) if owes is None else max(paid - owes, Decimal(0))

    @property
    def adjusted_from(self) -> list[str]:
        """The months since which yearly factors, and sums that an officer set anew, hold."""
        return [one.from_month for one in self.growths] + [one.grows_from for one in self.sums]

    @property
    def last_paid(self) -> str | None:
        """The last month that was paid."""
        return max((one.month for one in self.payments if one.month is not None), default=None)

    @property
    def next_month(self) -> str:
        """The month that is paid after the present one: none for which benefits were stopped."""
        assert self.month is not None
        month = month_after(self.month)
        for pause in self.pauses:
            if pause.first_month <= month <= pause.last_month:
                month = month_after(pause.last_month)
        return month

    @property
    def over(self) -> bool:
        """Whether no payment is to come."""
        return self.state == "stopped" or (
            self.state == "paid"
            and (self.month is None or (self.last_month is not None and self.month >= self.last_month))
        )

    def drawn_in(self, first: str, last: str | None) -> bool:
        """Whether some month between these (YYYY-MM; None: without end) was paid of a monthly benefit, or is to be."""
        begins = self.first_month or self.month
        ends = self.last_paid if self.state == "stopped" or self.over else self.last_month or "9999-12"
        return begins is not None and ends is not None and begins <= (last or "9999-12") and first <= ends

    def owed(self, month: str, law: Law) -> Decimal | None:
        """What is owed for a month; None where no sum holds for it."""
        floor = floored_by(self.kind, month, law)
        return owed(self.sums, self.growths, month, floor, down=self.dependant is not None)

    def make_up(self, law: Law) -> None:
        """Take into the arrears what earlier months were paid too little, by what is known now."""
        paid = [(one.month or "", one.amount - one.arrears + one.made_up) for one in self.payments]
        for place, short in arrears(paid, lambda month: self.owed(month, law)):
            self.payments[place].made_up += short
            self.arrears += short

    @property
    def order(self) -> PaymentOrder | None:
        """The latest payment order."""
        return self.orders[-1] if self.orders else None

    def note(self, event: str, by: str, reason: str | None = None) -> None:
        self.history.append(Step.now(self.id, event, by, reason))

    def facts(self, *, payer: Payer | None = None) -> BenefitFields:
        """What every event of a benefit says. `payer`: who has paid, where that is not who should have."""
        return {
            "benefit_id": self.id,
            "claim_id": self.claim_id,
            "worker_id": self.worker_id,
            "platform": self.platform,
            "kind": self.kind,
            "amount": money(self.due),
            "payer": payer or self.payer,
            "partner": self.partner,
            "to_kin": self.to_kin or self.kind in OF_THE_DEAD,
            "kin": tuple(self.kin),
        }
