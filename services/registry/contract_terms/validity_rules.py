"""What a labour contract may not agree: probation (劳动合同法 art. 19, 20, 70), short terms of the dispatched (art. 58) and temporary
posts that are none (art. 66).

What is void is said to both sides; that it was agreed is a fact, which is recorded all the same. Where the law of the day is not
known, or the paper does not say what is needed, nothing is found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from services.registry.contract_terms.rules import Contract, last_of
from shared.contracts.base import money, to_fen
from shared.contracts.registry import Post, TermFault
from shared.policy.parameters import Law, MissingParameter


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a labour contract agrees beside its term. `pay` and `probation_pay` are yuan a month; `post_until` is the last day for
    which a temporary post exists. `dispatched`: the work is that of one dispatched; `part_time`: by the hour."""

    contract: Contract
    probation_until: dt.date | None = None
    pay: Decimal | None = None
    probation_pay: Decimal | None = None
    post: Post | None = None
    post_until: dt.date | None = None
    dispatched: bool = False
    part_time: bool = False

    @property
    def age(self) -> tuple[dt.date, str]:
        """By which several contracts of a person with one employer follow each other."""
        return self.contract.signed_on, self.contract.paper_id


def faults(one: Agreed, others: Iterable[Agreed], law: Law) -> tuple[TermFault, ...]:
    """What of a contract is against the law. `others`: all contracts of the person with the same employer; `law`: that of the day
    on which it was signed, at the place of work."""
    if one.contract.kind != "contract" or not _in_force(law):
        return ()
    found = (_probation(one, law), _again(one, others), _probation_pay(one, law), _dispatch(one, law), _post(one, law))
    return tuple(fault for fault in found if fault is not None)


def _in_force(law: Law) -> bool:
    """Whether the contract is from the days of the law."""
    try:
        law.table("contract.probation_months")
    except MissingParameter:
        return False
    return True


def probation_months(one: Agreed, law: Law) -> int:
    """For how many months probation may be agreed, none for a task, for less than three months and for work by the hour."""
    contract = one.contract
    if one.part_time or contract.term == "task":
        return 0
    if contract.term == "open" or contract.ends_on is None:
        return int(law.amount("contract.probation_months", "from_three_years"))
    for name, months in (("from_three_years", 36), ("from_a_year", 12), ("from_three_months", 3)):
        if contract.ends_on >= last_of(contract.starts_on, months):
            return int(law.amount("contract.probation_months", name))
    return 0


def _probation(one: Agreed, law: Law) -> TermFault | None:
    """Probation that may not be agreed at all, or is longer than it may be (art. 19, 70)."""
    contract, until = one.contract, one.probation_until
    if until is None:
        return None
    months = probation_months(one, law)
    if not months:
        return TermFault(fault="probation_forbidden", agreed_until=until, limit_months=0)
    if until == contract.ends_on:  # it is the term of the contract then (art. 19)
        return TermFault(fault="probation_alone", agreed_until=until, limit_months=months)
    allowed = last_of(contract.starts_on, months)
    if until <= allowed:
        return None
    return TermFault(fault="probation_too_long", agreed_until=until, allowed_until=allowed, limit_months=months)


def _again(one: Agreed, others: Iterable[Agreed]) -> TermFault | None:
    """Probation that was agreed with the same employer before (art. 19)."""
    if one.probation_until is None:
        return None
    before = [other for other in others if other.probation_until is not None and other.age < one.age]
    if not before:
        return None
    first = min(before, key=lambda other: other.age)
    return TermFault(
        fault="probation_again", agreed_until=one.probation_until, earlier_agreement_id=first.contract.paper_id
    )


def _probation_pay(one: Agreed, law: Law) -> TermFault | None:
    """Less pay within probation than the share of the agreed pay, or than the minimum wage (art. 20)."""
    if one.probation_until is None or one.probation_pay is None or one.part_time:
        return None
    least = Decimal(0)
    try:
        if one.pay is not None:
            least = to_fen(one.pay * law.amount("contract.probation_pay_percent") / 100)
        least = max(least, law.amount("minimum_wage.monthly"))
    except MissingParameter:
        pass  # what is known of both counts
    if one.probation_pay >= least:
        return None
    return TermFault(
        fault="probation_pay_low",
        agreed_until=one.probation_until,
        pay=money(one.probation_pay),
        least_pay=money(least),
    )


def _dispatch(one: Agreed, law: Law) -> TermFault | None:
    """A contract of one dispatched that is for a shorter term than two years (art. 58)."""
    contract = one.contract
    if not one.dispatched or contract.term == "open":
        return None
    try:
        months = law.number("contract.dispatch_least_months")
    except MissingParameter:
        return None
    least = last_of(contract.starts_on, months)
    if contract.ends_on is not None and contract.ends_on >= least:
        return None
    return TermFault(
        fault="dispatch_term_short", agreed_until=contract.ends_on, allowed_until=least, limit_months=months
    )


def _post(one: Agreed, law: Law) -> TermFault | None:
    """A temporary post of one dispatched that exists for longer than six months (art. 66)."""
    if not one.dispatched or one.post != "temporary" or one.post_until is None:
        return None
    try:
        months = law.number("contract.temporary_post_months")
    except MissingParameter:
        return None
    allowed = last_of(one.contract.starts_on, months)
    if one.post_until <= allowed:
        return None
    return TermFault(
        fault="temporary_post_long", agreed_until=one.post_until, allowed_until=allowed, limit_months=months
    )
