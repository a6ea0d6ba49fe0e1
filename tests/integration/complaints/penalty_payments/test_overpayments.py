"""What was paid beyond what is owed is taken in all the same, shown, told of and paid back; nothing of it counts twice."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from decimal import Decimal
from typing import Any

import time_machine

from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import PenaltyOverdue, PenaltyPaid, PenaltyRefunded
from shared.policy.calendar import shanghai_date
from shared.storage.records import find
from tests.harness import Harness
from tests.integration.complaints.penalties.course import Course, filed, later, today, told
from tests.integration.complaints.penalty_decisions.test_confiscation import gain, told_of
from tests.integration.complaints.penalty_decisions.test_confiscation import served as served_both
from tests.integration.complaints.penalty_payments.test_agreements import agreement, overdue, passes
from tests.integration.complaints.penalty_payments.test_corrections import correcting
from tests.integration.complaints.penalty_payments.test_refunds import refunding, terms
from tests.integration.complaints.spot_penalties.test_on_the_spot import decided as decided_on_spot
from tests.unit.identity.numbers import make_uscc


async def served(complaints: Harness, uscc: str) -> Course:
    penalty = await filed(complaints, make_uscc(uscc))
    await penalty.served("10000.00")
    return penalty


async def paid(penalty: Course, receipt: str, amount: str = "10000.00", **changes: Any) -> None:
    await penalty.done("payments", "p-first", {"amount": amount, "on": today(), "receipt": receipt, **changes})


async def figures(penalty: Course) -> tuple[str, str, str, str]:
    """How it stands, what was received, is owed, and is to go back, as the enterprise reads it."""
    letter = await penalty.letter()
    return letter["state"], letter["debt"]["paid"], letter["debt"]["owed"], letter["debt"]["refund"]


async def in_days(penalty: Course, days: int) -> dt.datetime:
    """A moment some days after the last day to pay."""
    due = dt.date.fromisoformat((await penalty.letter())["debt"]["parts"][0]["on"])
    return later(days=(due - shanghai_date(clock.now())).days + days)


async def test_a_fine_paid_twice_is_taken_in_and_goes_back(complaints: Harness) -> None:
    penalty = await served(complaints, "PU0000001")
    await paid(penalty, "V-1")
    again = {"amount": "10000.00", "on": today(), "receipt": "V-1"}
    assert await penalty.do("payments", "p-first", again) == (409, "receipt-known")
    await paid(penalty, "V-2")
    assert await figures(penalty) == ("fulfilled", "20000.00", "0.00", "10000.00")
    assert await terms(penalty) == ["running"]
    facts = [one for one in await complaints.told(PenaltyPaid) if one.penalty_id == penalty.id]
    assert [(one.left, one.refund) for one in facts] == [("0.00", "0.00"), ("0.00", "10000.00")]
    assert await penalty.do("refunds", "p-first", refunding("10000.01", "V-3")) == (422, "too-much")
    await penalty.done("refunds", "p-first", refunding("4000.00", "V-3"))
    await penalty.done("refunds", "p-first", refunding("6000.00", "V-4"))
    assert await figures(penalty) == ("fulfilled", "20000.00", "0.00", "0.00")
    assert await terms(penalty) == ["met"]
    assert await penalty.do("refunds", "p-first", refunding("0.01", "V-5")) == (409, "nothing-to-refund")
    assert await penalty.do("payment-corrections", "p-third", correcting("V-1")) == (409, "refunded")
    await paid(penalty, "V-6", "0.01")
    assert await figures(penalty) == ("fulfilled", "20000.01", "0.00", "0.01")
    assert await terms(penalty) == ["met", "running"]


async def test_too_much_at_once_pays_the_fine_and_goes_back(complaints: Harness) -> None:
    penalty = await served(complaints, "PU0000002")
    await paid(penalty, "V-7", "12000.00")
    assert await figures(penalty) == ("fulfilled", "12000.00", "0.00", "2000.00")


async def test_what_comes_in_after_a_reduction_goes_back(complaints: Harness) -> None:
    penalty = await served(complaints, "PU0000003")
    await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
    await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "过罚不当", "fine": "7000.00"})
    await paid(penalty, "V-8")
    assert await figures(penalty) == ("fulfilled", "10000.00", "0.00", "3000.00")


async def test_a_second_payment_adds_nothing_to_the_fine(complaints: Harness) -> None:
    """It was late, what was added then is owed once, and no more is added while too much is there."""
    penalty = await served(complaints, "PU0000004")
    late = await in_days(penalty, 3)
    with time_machine.travel(late, tick=True):
        await paid(penalty, "V-9", "10900.00")
        await passes(complaints)
        told_so_far = await told(
            complaints, penalty, PenaltyOverdue
        )  # that it was late, where the timer came before the money
    with time_machine.travel(late + dt.timedelta(5), tick=True):
        await paid(penalty, "V-10", "10900.00")
        assert (await penalty.letter())["debt"]["surcharge"] == "900.00"
        assert await figures(penalty) == ("fulfilled", "21800.00", "0.00", "10900.00")
        await passes(complaints)
        assert await told(complaints, penalty, PenaltyOverdue) == told_so_far


async def test_a_payment_in_time_that_is_known_late_counts(complaints: Harness) -> None:
    """Nothing was to be added then, and what was paid for that goes back with the second payment."""
    penalty = await served(complaints, "PU0000005")
    day = today()
    with time_machine.travel(await in_days(penalty, 3), tick=True):
        await paid(penalty, "V-11", "10900.00")
        await paid(penalty, "V-12", on=day)
        assert await figures(penalty) == ("fulfilled", "20900.00", "0.00", "10900.00")


async def test_each_sum_has_its_own_overpayment(complaints: Harness) -> None:
    """The bank books them apart: what is too much of one pays nothing of the other until it is moved."""
    penalty = await told_of(complaints, make_uscc("PU0000006"), gain("6500.00"), "10000.00", "6500.00")
    await served_both(penalty, "10000.00", "6500.00")
    await paid(penalty, "V-13", toward="confiscated")
    assert await figures(penalty) == ("served", "10000.00", "10000.00", "3500.00")
    move = correcting("V-13", to={"penalty_id": penalty.id, "toward": "fine"})
    await penalty.done("payment-corrections", "p-third", move)
    assert await figures(penalty) == ("served", "10000.00", "6500.00", "0.00")
    assert await terms(penalty) == ["ended"]
    await paid(penalty, "V-14", "6600.00", toward="confiscated")
    assert await figures(penalty) == ("fulfilled", "16600.00", "0.00", "100.00")
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    assert await figures(penalty) == ("annulled", "16600.00", "0.00", "16600.00")
    await penalty.done("refunds", "p-first", refunding("16600.00", "V-15"))
    debt = (await penalty.letter())["debt"]
    assert (debt["refunds"][0]["toward"], debt["refunded_apart"]) == (
        None,
        {"fine": "10000.00", "confiscated": "6600.00"},
    )
    assert await terms(penalty) == ["ended", "met"]


async def test_each_sum_goes_back_by_itself(complaints: Harness) -> None:
    """Bounded by what is too much of it, shown, and told (行政处罚法 art. 74)."""
    penalty = await told_of(complaints, make_uscc("PU000000E"), gain("6500.00"), "10000.00", "6500.00")
    await served_both(penalty, "10000.00", "6500.00")
    await paid(penalty, "V-31", "10300.00")
    fine = refunding("100.00", "V-33", toward="fine")
    assert await penalty.do("refunds", "p-first", fine | {"toward": "confiscated"}) == (409, "nothing-to-refund")
    await paid(penalty, "V-32", "6600.00", toward="confiscated")
    assert penalty.shown["debt"]["refund_apart"] == {"fine": "300.00", "confiscated": "100.00"}
    over = fine | {"toward": "confiscated", "amount": "100.01"}
    assert await penalty.do("refunds", "p-first", over) == (422, "too-much")
    await penalty.done("refunds", "p-first", fine)
    await penalty.done("refunds", "p-first", refunding("100.00", "V-34", toward="confiscated"))
    await penalty.done("refunds", "p-first", refunding("200.00", "V-35"))
    debt = (await penalty.letter())["debt"]
    assert (debt["refund_apart"], debt["refunded_apart"]) == (
        {"fine": "0.00", "confiscated": "0.00"},
        {"fine": "300.00", "confiscated": "100.00"},
    )
    assert [one["toward"] for one in debt["refunds"]] == ["fine", "confiscated", "fine"]
    told_ = [one for one in await complaints.told(PenaltyRefunded) if one.penalty_id == penalty.id]
    assert [(one.toward, one.left, one.left_confiscated) for one in told_] == [
        ("fine", "300.00", "100.00"), ("confiscated", "200.00", "0.00"), ("fine", "0.00", "0.00")
    ]  # fmt: skip
    assert await terms(penalty) == ["met"]


async def test_two_officers_at_once_pay_back_each_sum_once(complaints: Harness) -> None:
    """What is too much of one sum is not paid back as the other's by who did not see the first."""
    penalty = await told_of(complaints, make_uscc("PU000000F"), gain("6500.00"), "10000.00", "6500.00")
    await served_both(penalty, "10000.00", "6500.00")
    await paid(penalty, "V-41", "10300.00")
    await paid(penalty, "V-42", "6600.00", toward="confiscated")
    bodies = [refunding("100.00", f"V-4{number}", toward="confiscated") for number in (3, 4, 5)]
    answers = await asyncio.gather(*(penalty.do("refunds", "p-first", body) for body in bodies))
    assert sorted(answers) == [(200, ""), (409, "nothing-to-refund"), (409, "nothing-to-refund")]
    letter = await penalty.letter()
    assert letter["debt"]["refund_apart"] == {"fine": "300.00", "confiscated": "0.00"}
    assert await terms(penalty) == ["running"]


async def test_what_is_paid_on_a_mere_warning_goes_back(complaints: Harness) -> None:
    asked = {"violation": "overtime", "grounds": ["overtime"], "charges": [{"ground": "overtime", "persons": 3}]}
    penalty = await decided_on_spot(complaints, make_uscc("PU0000007"), "0.00", warning=True, **asked)
    assert (await penalty.letter())["debt"] is None
    await paid(penalty, "V-16", "200.00")
    assert await figures(penalty) == ("fulfilled", "200.00", "0.00", "200.00")


async def test_instalments_end_where_more_is_paid(complaints: Harness) -> None:
    penalty = await served(complaints, "PU0000008")
    await penalty.done("deferral-request", "enterprise", {"text": "资金周转困难"})
    first = str(shanghai_date(clock.now()) + dt.timedelta(30))
    await penalty.done("deferral", "p-fourth", {"yes": True, "text": "同意", "parts": 3, "first": first})
    await paid(penalty, "V-17", "4000.00")
    assert await figures(penalty) == ("served", "4000.00", "6000.00", "0.00")
    await paid(penalty, "V-18", "8000.00")
    assert await figures(penalty) == ("fulfilled", "12000.00", "0.00", "2000.00")
    with time_machine.travel(later(days=70), tick=True):
        await passes(complaints)
        assert await told(complaints, penalty, PenaltyOverdue) == []
        assert (await figures(penalty))[2:] == ("0.00", "2000.00")


async def test_what_was_waived_and_is_paid_goes_back(complaints: Harness) -> None:
    penalty, late = await overdue(complaints, "PU0000009")
    with time_machine.travel(late, tick=True):
        await passes(complaints)
        await penalty.done("execution-agreement", "p-fourth", agreement(relief="500.00", remedy="已补发工资"))
        await paid(penalty, "V-19", "10600.00")
        assert await figures(penalty) == ("fulfilled", "10600.00", "0.00", "500.00")
        await penalty.done("refunds", "p-first", refunding("500.00", "V-20"))
    with time_machine.travel(late + dt.timedelta(60), tick=True):
        await passes(complaints)
        assert await figures(penalty) == ("fulfilled", "10600.00", "0.00", "0.00")
        assert (await penalty.letter())["debt"]["agreement"]["broken_on"] is None


async def test_a_payment_taken_back_leaves_the_other(complaints: Harness) -> None:
    """Of two the one that was for another penalty goes there, and nothing is too much any more."""
    penalty, other = await served(complaints, "PU000000A"), await served(complaints, "PU000000B")
    await paid(penalty, "V-21")
    await paid(penalty, "V-22")
    await penalty.done("payment-corrections", "p-third", correcting("V-21", to={"penalty_id": other.id}))
    assert await figures(penalty) == ("fulfilled", "10000.00", "0.00", "0.00")
    assert await figures(other) == ("fulfilled", "10000.00", "0.00", "0.00")
    assert await terms(penalty) == ["ended"]
    await penalty.done("payment-corrections", "p-third", correcting("V-22", to={"penalty_id": other.id}))
    assert await figures(penalty) == ("served", "0.00", "10000.00", "0.00")
    assert await figures(other) == ("fulfilled", "20000.00", "0.00", "10000.00")


async def test_what_went_back_in_error_is_owed_again(complaints: Harness) -> None:
    """A review that was heard of late had ended before what was added went back for its days."""
    penalty = await served(complaints, "PU000000C")
    late = await in_days(penalty, 2)
    with time_machine.travel(late + dt.timedelta(3), tick=True):
        await passes(complaints)
        await paid(penalty, "V-23", "11500.00")
        await penalty.done("contests", "p-first", {"kind": "review", "on": str(shanghai_date(late))})
        await penalty.done("refunds", "p-first", refunding("1200.00", "V-24"))
        ended = {"on": str(shanghai_date(late + dt.timedelta(1))), "text": "维持"}
        await penalty.done("contest-end", "p-fourth", ended)
        assert await figures(penalty) == ("served", "11500.00", "600.00", "0.00")
        await paid(penalty, "V-25", "600.00")
        assert await figures(penalty) == ("fulfilled", "12100.00", "0.00", "0.00")
        assert "running" not in await terms(penalty)
        found = await find(Term, {"matter_id": penalty.id, "step": "enforce_penalty"})
        assert [one.state for one in found] == [
            "ended",
            "ended",
        ]  # of the day that passed, and of the review that was upheld


async def test_the_sums_add_up_after_any_steps(complaints: Harness) -> None:
    """What was received is applied, to go back, or went back, whoever pays, corrects and pays back in whatever order."""
    chance = random.Random(59)
    penalty = await told_of(complaints, make_uscc("PU000000D"), gain("6500.00"), "10000.00", "6500.00")
    await served_both(penalty, "10000.00", "6500.00")
    amounts, taken = ["1.00", "3333.33", "6500.00", "10000.00", "12000.01"], 0
    for number in range(30):
        step = chance.choice(["payments", "payments", "payment-corrections", "refunds"])
        amount, toward = chance.choice(amounts), chance.choice(["fine", "confiscated"])
        receipts = [one["receipt"] for one in penalty.shown["debt"]["payments"]] or ["none"]
        body = {
            "payments": {"amount": amount, "on": today(), "receipt": f"VS-{number}", "toward": toward},
            "payment-corrections": correcting(chance.choice(receipts)),
            "refunds": refunding(amount, f"VR-{number}", toward=chance.choice(["fine", "confiscated", None])),
        }[step]
        status, problem = await penalty.do(step, "p-third" if step == "payment-corrections" else "p-first", body)
        assert status == 200 or problem in ("too-much", "nothing-to-refund", "refunded", "no-such-payment")
        taken += status == 200
        debt = penalty.shown["debt"]
        refunded = sum((Decimal(one["amount"]) for one in debt["refunds"]), Decimal(0))
        received, owed, back = (Decimal(debt[name]) for name in ("paid", "owed", "refund"))
        assert received == (Decimal(16_500) - owed) + back + refunded
        for name, sum_ in (("refund_apart", back), ("refunded_apart", refunded)):
            assert sum((Decimal(one) for one in debt[name].values()), Decimal(0)) == sum_
        assert (penalty.shown["state"] == "fulfilled") is (owed == 0)
        assert [one for one in await terms(penalty) if one == "running"] == ["running"] * (back > 0)
    assert taken > 10
