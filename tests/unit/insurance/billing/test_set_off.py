"""Every fen that is owed, paid, paid too much or credited stands in exactly one place, whatever comes in which order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.insurance.billing.rules import Account, set_off

yuan = st.decimals("-50", "50", places=2)


@dataclass(frozen=True)
class Pay:
    """Money that comes for one of the bills issued so far, which may be more than it owes."""

    bill: int
    amount: Decimal


steps = st.lists(st.one_of(yuan, st.builds(Pay, st.integers(0, 20), st.decimals("0.01", "60", places=2))), max_size=30)


def play(told: list[Decimal | Pay]) -> tuple[list[Account], Decimal]:
    """The accounts of a platform's bills after its premiums and payments, and the money that came."""
    bills: list[Account] = []
    came = Decimal(0)
    for step in told:
        if isinstance(step, Pay):
            if bills:
                place = step.bill % len(bills)
                part = min(step.amount, bills[place].outstanding)
                over = bills[place].overpaid + step.amount - part
                bills[place] = replace(bills[place], paid=bills[place].paid + part, overpaid=over)
                came += step.amount
            continue
        taken = set_off(step, [one.credit for one in bills])
        bills = [replace(one, passed_on=one.passed_on + part) for one, part in zip(bills, taken, strict=True)]
        bills.append(Account(step, set_off=sum(taken, Decimal(0))))
    return bills, came


@given(steps)
def test_every_fen_is_in_exactly_one_place(told: list[Decimal | Pay]) -> None:
    bills, came = play(told)
    for one in bills:
        assert max(one.premium, Decimal(0)) == one.paid + one.set_off + one.outstanding
        assert one.credit >= 0
    assert came == sum(one.paid + one.overpaid for one in bills)
    assert sum(one.set_off for one in bills) == sum(one.passed_on for one in bills)
    owed = sum(one.premium for one in bills)
    assert owed - came == sum(one.outstanding - one.credit for one in bills)


def test_the_oldest_credit_pays_first_and_no_more_than_is_owed() -> None:
    credits_left = [Decimal("1.50"), Decimal("0.70"), Decimal("9.00")]
    assert set_off(Decimal("2.00"), credits_left) == [Decimal("1.50"), Decimal("0.50"), Decimal(0)]
    assert set_off(Decimal("-2.00"), credits_left) == [0, 0, 0]
