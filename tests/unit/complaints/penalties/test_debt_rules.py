from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.complaints.penalties import debt_rules
from services.complaints.penalties.debt_rules import ZERO, Account, Back, Due, Late, Owed, Paid, Reckoned, Spared
from services.complaints.penalties.payment_documents import Contest, ContestKind
from shared.contracts.base import to_fen
from shared.errors import RuleBroken
from shared.policy.calendar import Pause

FIRST = dt.date(2026, 3, 2)
FEN = Decimal("0.01")
amounts = st.integers(1, 5_000_000).map(lambda fen: fen * FEN)
within = st.integers(0, 200).map(lambda n: FIRST + dt.timedelta(n))


def on(days: int) -> dt.date:
    return FIRST + dt.timedelta(days)


def account(
    *parts: Due, payments: tuple[Paid, ...] = (), stays: tuple[Pause, ...] = (), added: Decimal = debt_rules.ZERO
) -> Account:
    return Account(parts=parts, payments=payments, stays=stays, added=added, percent=Decimal(3))


@given(amounts, st.integers(1, 24))
def test_instalments_add_up_to_the_fine_to_the_fen(fine: Decimal, count: int) -> None:
    if fine < count * FEN:
        with pytest.raises(RuleBroken):
            debt_rules.instalments(fine, count, FIRST)
        return
    parts = debt_rules.instalments(fine, count, FIRST)
    assert sum(part.amount for part in parts) == fine
    assert len(parts) == count
    assert all(part.amount > 0 and part.amount == part.amount.quantize(FEN) for part in parts)
    assert max(part.amount for part in parts) - min(part.amount for part in parts) <= FEN
    assert [part.on for part in parts] == sorted({part.on for part in parts})


@given(
    st.lists(st.tuples(amounts, within), min_size=1, max_size=4),
    st.lists(st.tuples(amounts, within), max_size=4),
    st.lists(st.tuples(within, st.integers(0, 60)), max_size=2),
    amounts,
    within,
)
def test_what_is_added_never_exceeds_the_fine(
    parts: list[tuple[Decimal, dt.date]],
    payments: list[tuple[Decimal, dt.date]],
    stays: list[tuple[dt.date, int]],
    added: Decimal,
    day: dt.date,
) -> None:
    found = account(
        *(Due(*one) for one in sorted(parts, key=lambda one: one[1])),
        payments=tuple(Paid(*one) for one in sorted(payments, key=lambda one: one[1])),
        stays=tuple(Pause(first, first + dt.timedelta(length)) for first, length in stays),
        added=added,
    )
    surcharge = debt_rules.surcharge(found, day)
    assert 0 <= surcharge <= found.fine
    assert surcharge == surcharge.quantize(FEN)
    assert surcharge <= debt_rules.surcharge(found, day + dt.timedelta(1))
    assert debt_rules.owed(found, day) == found.fine + surcharge - found.paid


@pytest.mark.parametrize(
    ("late", "added"), [(0, "0"), (1, "3.00"), (10, "30.00"), (33, "99.00"), (34, "100.00"), (400, "100.00")]
)
def test_three_per_cent_a_day_are_added_up_to_the_fine(late: int, added: str) -> None:
    found = account(Due(Decimal(100), FIRST))
    assert debt_rules.surcharge(found, FIRST + dt.timedelta(late)) == Decimal(added)


def test_nothing_is_added_to_what_was_paid_in_time() -> None:
    paid = account(Due(Decimal(100), FIRST), payments=(Paid(Decimal(100), FIRST),))
    assert debt_rules.surcharge(paid, FIRST + dt.timedelta(90)) == 0
    assert debt_rules.owed(paid, FIRST + dt.timedelta(90)) == 0


def test_what_is_paid_late_costs_each_day_until_then() -> None:
    paid = account(Due(Decimal(100), FIRST), payments=(Paid(Decimal(60), FIRST + dt.timedelta(2)),))
    assert debt_rules.surcharge(paid, FIRST + dt.timedelta(2)) == Decimal(6)
    assert debt_rules.surcharge(paid, FIRST + dt.timedelta(5)) == Decimal("9.60")


def test_what_was_added_is_reckoned_by_days() -> None:
    """From the day after the last one to pay, without those of a review, and no further than the fine."""
    paid = account(
        Due(Decimal(100), FIRST), payments=(Paid(Decimal(60), on(2)),), stays=(Pause(on(5), on(9)),), added=Decimal(1)
    )
    assert debt_rules.reckoned(paid, on(12)) == Reckoned(
        added=Decimal("13.00"),
        late=[Late(Decimal(100), on(1), on(2)), Late(Decimal(40), on(3), on(4)), Late(Decimal(40), on(10), on(12))],
    )
    assert [one.days for one in debt_rules.reckoned(paid, on(12)).late] == [2, 2, 3]
    full = debt_rules.reckoned(account(Due(Decimal(100), FIRST)), on(400))
    assert full == Reckoned(added=Decimal(100), late=[Late(Decimal(100), on(1), on(34))])
    assert debt_rules.reckoned(account(Due(Decimal(100), FIRST)), FIRST) == Reckoned(added=ZERO, late=[])


def test_days_before_parts_were_made_anew_are_known() -> None:
    anew = account(Due(Decimal(100), on(40)), payments=(Paid(Decimal(20), on(30)),), added=Decimal(6))
    assert list(debt_rules.late_before(anew, [([Due(Decimal(100), FIRST)], on(2))])) == [
        Late(Decimal(100), on(1), on(2))
    ]


@given(
    st.lists(st.tuples(amounts, within), min_size=1, max_size=3),
    st.lists(st.tuples(amounts, within), max_size=3),
    within,
)
def test_the_days_add_up_to_what_is_added(
    parts: list[tuple[Decimal, dt.date]], payments: list[tuple[Decimal, dt.date]], day: dt.date
) -> None:
    found = account(
        *(Due(*one) for one in sorted(parts, key=lambda one: one[1])),
        payments=tuple(Paid(*one) for one in sorted(payments, key=lambda one: one[1])),
    )
    reckoned = debt_rules.reckoned(found, day)
    of_days = sum((one.amount * one.days for one in reckoned.late), ZERO) * found.percent / 100
    assert reckoned.added == min(to_fen(of_days), found.fine)


def test_nothing_is_added_while_a_review_goes_on() -> None:
    first, last = FIRST + dt.timedelta(3), FIRST + dt.timedelta(12)
    for stay, added in ((Pause(first, last), 30), (Pause(first, None), 6)):
        stayed = account(Due(Decimal(100), FIRST), stays=(stay,))
        assert debt_rules.surcharge(stayed, FIRST + dt.timedelta(20)) == added


def test_only_the_part_that_is_late_costs_more() -> None:
    later = FIRST + dt.timedelta(31)
    parts = account(Due(Decimal(50), FIRST), Due(Decimal(50), later))
    assert debt_rules.surcharge(parts, FIRST + dt.timedelta(2)) == Decimal(3)
    assert debt_rules.overdue(parts, FIRST + dt.timedelta(2)) == [Due(Decimal(50), FIRST)]
    assert debt_rules.next_due(parts, FIRST + dt.timedelta(2)) == later
    assert debt_rules.next_due(parts, later + dt.timedelta(1)) is None


def test_a_surcharge_left_alone_is_behind() -> None:
    late, hundred = FIRST + dt.timedelta(2), Decimal(100)
    assert not debt_rules.behind(account(Due(hundred, FIRST)), FIRST)
    assert debt_rules.behind(account(Due(hundred, FIRST)), late)
    for paid, behind in ((hundred, True), (Decimal(106), False)):
        found = account(Due(hundred, FIRST), payments=(Paid(paid, late),))
        assert debt_rules.overdue(found, late) == []
        assert debt_rules.behind(found, late) is behind
    parts = account(Due(Decimal(50), FIRST), Due(Decimal(50), late), payments=(Paid(Decimal(50), FIRST),))
    assert not debt_rules.behind(parts, late)


@given(amounts, st.integers(1, 12), st.integers(0, 100))
def test_a_lowered_fine_is_what_its_parts_add_up_to(fine: Decimal, count: int, percent: int) -> None:
    if fine < count * FEN:
        return
    lower = max(FEN, (fine * percent / 100).quantize(FEN))
    parts = debt_rules.reduced(debt_rules.instalments(fine, count, FIRST), lower)
    assert sum(part.amount for part in parts) == lower
    assert all(part.amount > 0 for part in parts)


@given(amounts, amounts, amounts, within)
def test_nothing_is_added_to_what_is_confiscated(fine: Decimal, taken: Decimal, paid: Decimal, day: dt.date) -> None:
    plain = account(Due(fine, FIRST))
    both = replace(plain, confiscated=Due(taken, FIRST), handed_over=(Paid(paid, FIRST),))
    assert debt_rules.surcharge(both, day) == debt_rules.surcharge(plain, day)
    left = max(taken - paid, debt_rules.ZERO)
    assert debt_rules.total(both, day) == debt_rules.total(plain, day) + left


def test_a_payment_settles_the_fine_before_what_was_added() -> None:
    held = account(Due(Decimal("1000.00"), FIRST), payments=(Paid(Decimal("600.00"), FIRST + dt.timedelta(10)),))
    held = replace(held, confiscated=Due(Decimal("50.00"), FIRST))
    day = FIRST + dt.timedelta(10)
    assert debt_rules.apart(held, day) == Owed(
        fine=Decimal("400.00"), surcharge=Decimal("300.00"), confiscated=Decimal("50.00")
    )
    more = replace(held, payments=(*held.payments, Paid(Decimal("500.00"), day)))
    assert debt_rules.apart(more, day) == Owed(surcharge=Decimal("200.00"), confiscated=Decimal("50.00"))
    assert debt_rules.apart(replace(held, annulled=True), day) == Owed()


@given(amounts, amounts, amounts, amounts, amounts, within)
def test_what_is_owed_apart_is_owed_together(
    fine: Decimal, taken: Decimal, paid: Decimal, handed: Decimal, refunded: Decimal, day: dt.date
) -> None:
    held = replace(
        account(Due(fine, FIRST), payments=(Paid(paid, FIRST),)),
        confiscated=Due(taken, FIRST),
        handed_over=(Paid(handed, FIRST),),
        undivided=refunded,
    )
    apart = debt_rules.apart(held, day)
    assert min(apart.fine, apart.surcharge, apart.confiscated, apart.again) >= 0
    assert apart.surcharge <= fine
    assert apart.fine + apart.surcharge == max(debt_rules.owed(held, day), ZERO)
    assert apart.confiscated == max(taken - handed, ZERO)
    assert apart.total == debt_rules.total(held, day)


def test_a_confiscated_sum_alone_is_overdue_and_behind() -> None:
    late, due = FIRST + dt.timedelta(1), Due(Decimal(900), FIRST)
    found = replace(account(), confiscated=due)
    assert debt_rules.next_due(found, FIRST) == FIRST
    assert not debt_rules.behind(found, FIRST)
    assert debt_rules.overdue(found, late) == [due]
    assert debt_rules.behind(found, late)
    paid = replace(found, handed_over=(Paid(Decimal(900), late),))
    assert (debt_rules.total(paid, late), debt_rules.behind(paid, late)) == (debt_rules.ZERO, False)


def test_what_stood_as_paid_in_error_adds_nothing() -> None:
    """For the days on which it stood so, and the rest of the fine all the same (行政处罚法 art. 72)."""
    late = replace(account(Due(Decimal(1000), FIRST)), spared=[Spared(Decimal(600), on(2), on(4))])
    assert [debt_rules.surcharge(late, on(days)) for days in range(7)] == [
        Decimal(one) for one in (0, 30, 42, 54, 66, 96, 126)
    ]


@given(amounts, within, within, within)
def test_sparing_never_adds_and_never_takes_more(amount: Decimal, first: dt.date, last: dt.date, day: dt.date) -> None:
    late = account(Due(Decimal(1000), FIRST))
    spared = debt_rules.surcharge(replace(late, spared=[Spared(amount, first, last)]), day)
    assert debt_rules.ZERO <= spared <= debt_rules.surcharge(late, day)


def test_what_was_added_before_parts_follows_payments() -> None:
    """A payment of before a deferral that is known only after it."""
    parts, plan = [Due(Decimal(1000), FIRST)], [Due(Decimal(500), on(40)), Due(Decimal(500), on(70))]
    late = account(*plan, added=Decimal(60))
    assert debt_rules.added_before(late, [(parts, on(2))]) == Decimal(60)
    earlier = replace(late, payments=[Paid(Decimal(400), FIRST)])
    assert debt_rules.added_before(earlier, [(parts, on(2))]) == Decimal(36)
    assert debt_rules.added_before(earlier, [(parts, on(2)), (plan, on(41))]) == Decimal(39)
    assert debt_rules.added_before(late, []) == debt_rules.ZERO


@given(amounts, amounts, amounts, st.booleans())
def test_no_more_goes_back_than_was_paid(fine: Decimal, paid: Decimal, handed: Decimal, annulled: bool) -> None:
    """All of it where the decision does not stand, else what is beyond each sum (行政处罚法 art. 74)."""
    held = replace(
        account(Due(fine, FIRST), payments=(Paid(paid, FIRST),)),
        confiscated=Due(fine, FIRST),
        handed_over=[Paid(handed, FIRST)],
        annulled=annulled,
    )
    due = Back(fine=paid, confiscated=handed)
    if not annulled:
        due = Back(fine=max(paid - fine, ZERO), confiscated=max(handed - fine, ZERO))
    assert debt_rules.refundable(held, FIRST) == due


Step = Literal[
    "pay", "pay_confiscated", "take_back", "refund", "refund_fine", "refund_confiscated", "lower", "contest", "end_contest",
    "annul",
]  # fmt: skip


def after(held: Account, step: Step, amount: Decimal, day: dt.date) -> Account:
    """An account after a step, where that may be taken; what is paid back is never more than is to be."""
    payments, stays, left = list(held.payments), list(held.stays), debt_rules.to_refund(held, day)
    match step:
        case "pay":
            return replace(held, payments=[*payments, Paid(amount, day)])
        case "pay_confiscated":
            return replace(held, handed_over=[*held.handed_over, Paid(amount, day)])
        case "take_back" if payments and not (held.refunded.total or held.undivided):
            return replace(held, payments=payments[1:])
        case "refund":
            return replace(held, undivided=held.undivided + min(amount, left.total))
        case "refund_fine":
            return replace(held, refunded=replace(held.refunded, fine=held.refunded.fine + min(amount, left.fine)))
        case "refund_confiscated":
            more = held.refunded.confiscated + min(amount, left.confiscated)
            return replace(held, refunded=replace(held.refunded, confiscated=more))
        case "lower":
            return replace(held, parts=debt_rules.reduced(held.parts, min(amount, held.fine)))
        case "contest" if not any(stay.last is None for stay in stays):
            return replace(held, stays=[*stays, Pause(FIRST, None)])  # heard of later than it began
        case "end_contest":
            return replace(held, stays=[Pause(one.first, one.last or on(2)) for one in stays])
        case "annul":
            return replace(held, annulled=True)
    return held


@given(
    amounts,
    amounts,
    st.lists(st.tuples(st.sampled_from(get_args(Step)), amounts, st.integers(0, 20)), min_size=1, max_size=15),
)
@example(  # what was added for days of a review is paid back, and owed after all once it is known to have ended earlier
    Decimal(10_000),
    Decimal(1),
    [
        ("pay", Decimal(11_500), 5),
        ("contest", ZERO, 0),
        ("refund", Decimal(1_500), 0),
        ("end_contest", ZERO, 0),
        ("pay", Decimal(900), 0),
    ],
)
def test_what_is_received_is_owed_or_goes_back_once(
    fine: Decimal, taken: Decimal, steps: list[tuple[Step, Decimal, int]]
) -> None:
    """After any payments, corrections, changes and refunds: received = applied + to refund + refunded."""
    held, day = replace(account(Due(fine, FIRST)), confiscated=Due(taken, FIRST)), FIRST
    for step, amount, days in steps:
        day += dt.timedelta(days)
        held = after(held, step, amount, day)
        owed, back, gone = debt_rules.total(held, day), debt_rules.to_refund(held, day), debt_rules.paid_back(held, day)
        due = ZERO if held.annulled else held.fine + debt_rules.surcharge(held, day) + taken
        assert owed >= 0
        assert min(back.fine, back.confiscated, gone.fine, gone.confiscated) >= 0
        assert gone.total == held.refunded.total + held.undivided
        assert held.received == (due - owed) + back.total + gone.total
        assert gone.fine <= held.paid
        assert gone.confiscated <= held.handed


def both(paid: str, handed: str, **changes: Any) -> Account:
    """A fine of 1000 yuan and a confiscated sum of 500, and what was paid for each in time."""
    held = account(Due(Decimal(1000), FIRST), payments=(Paid(Decimal(paid), FIRST),))
    return replace(held, confiscated=Due(Decimal(500), FIRST), handed_over=(Paid(Decimal(handed), FIRST),), **changes)


def test_what_goes_back_of_a_sum_is_of_that_sum() -> None:
    """What went back of one sum leaves what is too much of the other (行政处罚法 art. 74)."""
    said = both("1300", "700", refunded=Back(confiscated=Decimal(200)))
    assert debt_rules.to_refund(said, FIRST) == Back(fine=Decimal(300))
    assert debt_rules.paid_back(said, FIRST) == Back(confiscated=Decimal(200))
    more = both("1000", "700", refunded=Back(fine=Decimal(100)))
    assert debt_rules.apart(more, FIRST) == Owed(again=Decimal(100))
    assert debt_rules.to_refund(more, FIRST) == Back(confiscated=Decimal(200))


def test_what_went_back_of_both_counts_where_it_was_too_much() -> None:
    for undivided, gone, left in (
        (100, Back(fine=Decimal(100)), Back(fine=Decimal(200), confiscated=Decimal(200))),
        (400, Back(fine=Decimal(300), confiscated=Decimal(100)), Back(confiscated=Decimal(100))),
        (500, Back(fine=Decimal(300), confiscated=Decimal(200)), Back()),
    ):
        held = both("1300", "700", undivided=Decimal(undivided))
        assert (debt_rules.paid_back(held, FIRST), debt_rules.to_refund(held, FIRST)) == (gone, left)
        assert debt_rules.total(held, FIRST) == 0
    annulled = both("1000", "500", undivided=Decimal(1500), annulled=True)
    assert debt_rules.paid_back(annulled, FIRST) == Back(fine=Decimal(1000), confiscated=Decimal(500))
    again = both("1000", "500", undivided=Decimal(1200))
    assert debt_rules.paid_back(again, FIRST) == Back(fine=Decimal(1000), confiscated=Decimal(200))
    assert debt_rules.apart(again, FIRST) == Owed(again=Decimal(1200))


@pytest.mark.parametrize(
    ("kind", "last", "sue_by", "over"),
    [
        ("review", None, None, None),
        ("review", on(40), on(55), on(55)),
        ("review", on(40), None, on(180)),
        ("suit", None, None, None),
        ("suit", on(90), None, on(90)),
    ],
)
def test_after_a_contest_its_own_time_to_sue_counts(
    kind: ContestKind, last: dt.date | None, sue_by: dt.date | None, over: dt.date | None
) -> None:
    """Not that from the service of the decision (行政诉讼法 art. 45, 46; 行政强制法 art. 53)."""
    assert Contest(kind=kind, first=FIRST, last=last, sue_by=sue_by).over_on(on(180)) == over
