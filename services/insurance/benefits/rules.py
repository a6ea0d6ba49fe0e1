"""What may happen to a benefit, to an advance, and to money that is owed back.

A benefit is one entitlement of a claim. One that is paid by the month goes round once for each month.

| state   | event            | next state |                                                               |
|---------|------------------|------------|---------------------------------------------------------------|
| open    | amount_set       | granted    | an officer has entered the sum that no parameter gives        |
| open    | stopped          | stopped    |                                                               |
| granted | ordered          | ordered    | the province has taken the fund's payment order               |
| granted | failed           | failed     | the province refuses the order, or the claim no longer stands |
| granted | postponed        | granted    | the order failed in passing; a new one goes out later         |
| granted | paid             | paid       | the employer, the partner firm or, in its place, the platform |
| granted | taken_over       | granted    | the fund pays what the employer has not (社会保险法 art. 41)  |
| granted | stopped          | stopped    |                                                               |
| ordered | paid             | paid       | the bank has confirmed                                        |
| ordered | failed           | failed     | only a person can help: a wrong account, too many tries       |
| ordered | postponed        | granted    |                                                               |
| failed  | corrected        | granted    | a new order with a new number                                 |
| failed  | stopped          | stopped    |                                                               |
| paid    | next_month       | granted    |                                                               |
| paid    | adjusted         | paid       | another sum from the next month on (工伤保险条例 art. 40)     |
| paid    | stopped          | stopped    |                                                               |

While an order is under way nothing but its answer changes the benefit: the money may be on its way.

An advance is what a platform pays in its partner firm's place (德人社发〔2022〕95号 art. 3).

| state    | event    | next state |                                                       |
|----------|----------|------------|-------------------------------------------------------|
| due      | advanced | advanced   | the platform has paid; its recourse begins            |
| due      | moot     | dropped    | the partner firm has paid after all, or it is stopped |

Recourse to the partner firm, and the recovery of what was paid wrongly, are debts.

| state | event            | next state       |
|-------|------------------|------------------|
| open  | repaid_in_part   | open             |
| open  | repaid_in_full   | recovered        |
| open  | given_up_in_part | partly_recovered |
| open  | given_up_whole   | written_off      |
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, TypeVar

from services.insurance.benefits.reckoning import PREFIX, NotEntitled
from services.insurance.premiums.rules import first_day
from shared.contracts.insurance import Payer, Scheme
from shared.policy.calendar import months_after
from shared.policy.parameters import Law, MissingParameter

S = TypeVar("S", bound=str)
E = TypeVar("E", bound=str)

State = Literal["open", "granted", "ordered", "paid", "failed", "stopped"]
Event = Literal[
    "amount_set", "ordered", "paid", "failed", "postponed", "corrected", "next_month", "adjusted", "taken_over", "stopped",
]  # fmt: skip

BENEFIT: Mapping[tuple[State, Event], State] = {
    ("open", "amount_set"): "granted",
    ("open", "stopped"): "stopped",
    ("granted", "ordered"): "ordered",
    ("granted", "failed"): "failed",
    ("granted", "postponed"): "granted",
    ("granted", "paid"): "paid",
    ("granted", "taken_over"): "granted",
    ("granted", "stopped"): "stopped",
    ("ordered", "paid"): "paid",
    ("ordered", "failed"): "failed",
    ("ordered", "postponed"): "granted",
    ("failed", "corrected"): "granted",
    ("failed", "stopped"): "stopped",
    ("paid", "next_month"): "granted",
    ("paid", "adjusted"): "paid",
    ("paid", "stopped"): "stopped",
}

AdvanceState = Literal["due", "advanced", "dropped"]
AdvanceEvent = Literal["advanced", "moot"]

ADVANCE: Mapping[tuple[AdvanceState, AdvanceEvent], AdvanceState] = {
    ("due", "advanced"): "advanced",
    ("due", "moot"): "dropped",
}

DebtState = Literal["open", "recovered", "partly_recovered", "written_off"]
DebtEvent = Literal["repaid_in_part", "repaid_in_full", "given_up_in_part", "given_up_whole"]

DEBT: Mapping[tuple[DebtState, DebtEvent], DebtState] = {
    ("open", "repaid_in_part"): "open",
    ("open", "repaid_in_full"): "recovered",
    ("open", "given_up_in_part"): "partly_recovered",
    ("open", "given_up_whole"): "written_off",
}

MONTHLY = frozenset(
    {"suspended_pay", "disability_allowance", "employer_allowance", "nursing", "dependant_pension", "living"}
)
"""Kinds that are paid by the month, until they end or are stopped."""

SEVERAL = frozenset({"medical"})
"""Kinds of which a claim may have several at a time."""

OF_THE_DEAD = frozenset({"funeral", "dependant_pension", "death_lump"})
"""Kinds that go to next of kin (工伤保险条例 art. 39)."""


class Forbidden(ValueError):
    """The event is not possible in this state."""

    def __init__(self, state: str, event: str) -> None:
        self.state, self.event = state, event
        super().__init__(f"{event} is not possible while {state}")


class TooMuch(ValueError):
    """More would be paid back than is owed."""


def after(state: State, event: Event) -> State:
    """The next state of a benefit; raises Forbidden."""
    return _next(BENEFIT, state, event)


def advance_after(state: AdvanceState, event: AdvanceEvent) -> AdvanceState:
    """The next state of an advance; raises Forbidden."""
    return _next(ADVANCE, state, event)


def debt_after(state: DebtState, event: DebtEvent) -> DebtState:
    """The next state of a debt; raises Forbidden."""
    return _next(DEBT, state, event)


def _next(table: Mapping[tuple[S, E], S], state: S, event: E) -> S:
    try:
        return table[state, event]
    except KeyError:
        raise Forbidden(state, event) from None


def repay(owed: Decimal, repaid: Decimal, amount: Decimal) -> DebtEvent:
    """What an instalment does to a debt; raises TooMuch where it goes beyond what is owed. Yuan."""
    if repaid + amount > owed:
        raise TooMuch(f"{repaid + amount} of {owed}")
    return "repaid_in_full" if repaid + amount == owed else "repaid_in_part"


def give_up(repaid: Decimal) -> DebtEvent:
    """What the end of the efforts does to a debt of which some part is still owed."""
    return "given_up_in_part" if repaid > 0 else "given_up_whole"


def recoverable(paid: Decimal, debts: list[tuple[DebtState, Decimal, Decimal]]) -> Decimal:
    """What may still be claimed back of what was paid, in yuan; `debts`: state, sum and repaid part of earlier ones.

    An open debt holds its whole sum; of one that has ended only what came back is gone.
    """
    held = sum((owed if state == "open" else repaid for state, owed, repaid in debts), Decimal(0))
    return paid - held


def payer_of(kind: str, scheme: Scheme, law: Law, *, insured: bool, partner: str | None) -> Payer:
    """Who pays a kind of benefit; raises NotEntitled where the scheme has no such kind.

    The employer pays what the fund does not (社会保险法 art. 38, 39), and everything where the contributions were not
    paid (`insured` false: art. 41; 工伤保险条例 art. 62). The employer is the partner firm where there is one.
    """
    try:
        payer = law.text(f"{PREFIX[scheme]}.benefit_payers", kind)
    except MissingParameter:
        raise NotEntitled("no-such-benefit", "该险种没有此项待遇", "the scheme has no such benefit") from None
    if payer == "fund" and insured:
        return "fund"
    return "partner" if partner is not None else "platform"


def fund_takes_over(kind: str, scheme: Scheme, law: Law) -> bool:
    """Whether the fund advances this kind for an employer who owes it (社会保险法 art. 41): it would be the fund's own."""
    return law.text(f"{PREFIX[scheme]}.benefit_payers", kind) == "fund"


def most_months(kind: str, law: Law, *, extended: bool) -> int | None:
    """For how many months a kind is paid at most; None where nothing limits it. Suspended work: 工伤保险条例 art. 33."""
    if kind != "suspended_pay":
        return None
    months = law.number("work_injury.suspended_pay_months")
    return months + (law.number("work_injury.suspended_pay_extension_months") if extended else 0)


def months(first: str, last: str | None, injured: str, present: str, most: int | None) -> tuple[str, str | None]:
    """The first and last month (YYYY-MM) of a monthly kind; at most `most` of them, and none long after the injury.

    The month of the injury counts among them only where it is paid: work goes on in the days before. Raises NotEntitled.
    """
    if not injured <= first <= present:
        raise NotEntitled(
            "month-not-begun", "起始月份须在伤害发生当月至本月之间", "it begins between the injury and now"
        )
    if most is not None:
        latest = min(_later(first, most - 1), _later(injured, most))
        last = min(last or latest, latest)
    if last is not None and last < first:
        raise NotEntitled("no-month-left", "没有可支付的月份", "no month is left to be paid")
    return first, last


def _later(month: str, count: int) -> str:
    return f"{months_after(first_day(month), count):%Y-%m}"


def comes_again(reason: str, attempts: int, law: Law) -> bool:
    """Whether a failed payment is ordered again by itself: its reason may pass, and it was not tried too often."""
    return reason in law.texts("benefit.passing_failures") and attempts < law.number("benefit.payment_attempts")
