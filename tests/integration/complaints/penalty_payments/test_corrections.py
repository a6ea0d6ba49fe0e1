"""A payment that was recorded on the wrong penalty is taken back or moved, and what had followed from it with it."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
import time_machine

from services.complaints.penalties.documents import PaymentReceipt, Penalty
from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import PenaltyOverdue, PenaltyPaid, PenaltyPaymentCorrected
from shared.policy.calendar import shanghai_date
from shared.storage.records import find
from tests.harness import Harness, bearer
from tests.integration.at_rest import holding
from tests.integration.complaints.penalties.course import Course, filed, later, officer, today, told
from tests.integration.complaints.penalty_decisions.test_confiscation import gain, told_of
from tests.integration.complaints.penalty_decisions.test_confiscation import served as served_both
from tests.integration.complaints.staff import on_register
from tests.unit.identity.numbers import make_uscc


def correcting(receipt: str, **changes: Any) -> dict[str, Any]:
    return {"on": today(), "receipt": receipt, "text": "误登为他案缴款", **changes}


async def served(complaints: Harness, uscc: str, fine: str = "10000.00") -> Course:
    penalty = await filed(complaints, make_uscc(uscc))
    await penalty.served(fine)
    return penalty


async def paid(penalty: Course, receipt: str, amount: str = "10000.00") -> None:
    await penalty.done("payments", "p-first", {"amount": amount, "on": today(), "receipt": receipt})


async def corrected(complaints: Harness, penalty: Course) -> list[PenaltyPaymentCorrected]:
    return [one for one in await complaints.told(PenaltyPaymentCorrected) if one.penalty_id == penalty.id]


async def overdue_told(complaints: Harness) -> None:
    """The last day to pay is over, and what follows is done."""
    for _ in range(2):
        await complaints.settled()


def overdue_in(penalty: Course, days: int) -> dt.datetime:
    """A moment some days after the last day to pay."""
    due = dt.date.fromisoformat(penalty.shown["debt"]["parts"][0]["on"])
    return later(days=(due - shanghai_date(clock.now())).days + days)


async def test_a_payment_taken_back_is_owed_again(complaints: Harness) -> None:
    penalty = await served(complaints, "PC0000001")
    await paid(penalty, "K-1")
    assert await penalty.do("payment-corrections", "p-first", correcting("K-1")) == (409, "same-officer")
    await penalty.done("payment-corrections", "p-third", correcting("K-1"))
    letter = await penalty.letter()
    debt = letter["debt"]
    assert (letter["state"], debt["owed"], debt["payments"]) == ("served", "10000.00", [])
    [kept] = debt["corrections"]
    assert (kept["payment"]["receipt"], kept["reason"], kept["moved"]) == ("K-1", "误登为他案缴款", False)
    assert await holding("误登为他案缴款") == []
    [fact] = await corrected(complaints, penalty)
    assert (fact.amount, fact.left, fact.moved) == ("10000.00", "10000.00", False)
    assert await penalty.do("payment-corrections", "p-third", correcting("K-1")) == (409, "no-such-payment")
    await paid(penalty, "K-1", "4000.00")
    with time_machine.travel(overdue_in(penalty, 2), tick=True):
        await overdue_told(complaints)
        assert await told(complaints, penalty, PenaltyOverdue) == ["PenaltyOverdue"]
        assert (await penalty.letter())["debt"]["surcharge"] == "360.00"


async def test_a_payment_moves_to_the_penalty_it_was_for(complaints: Harness) -> None:
    """It counts there from the day on which it was paid: nothing was ever added."""
    wrong, right = await served(complaints, "PC0000002"), await served(complaints, "PC0000003")
    await paid(wrong, "K-2")
    day = today()
    with time_machine.travel(overdue_in(right, 3), tick=True):
        await overdue_told(complaints)
        await right.done("reminder", "p-first", {"by": "邮寄"})
        assert (await right.letter())["debt"]["surcharge"] == "900.00"
        move = correcting("K-2", on=day, to={"penalty_id": right.id})
        here = correcting("K-2", on=day, to={"penalty_id": wrong.id})
        assert await wrong.do("payment-corrections", "p-third", here) == (422, "same-place")
        away = correcting("K-2", on=day, to={"penalty_id": "p-unknown"})
        assert (await wrong.do("payment-corrections", "p-third", away))[0] == 404
        await wrong.done("payment-corrections", "p-third", move)
        letter = await right.letter()
        assert (letter["state"], letter["debt"]["surcharge"], letter["debt"]["refund"]) == ("fulfilled", "0.00", "0.00")
        assert (await wrong.letter())["debt"]["corrections"][0]["moved"] is True
        assert right.id not in (await wrong.letter()).__repr__()
        assert wrong.shown["debt"]["surcharge"] == "900.00"
        assert await told(complaints, right, PenaltyPaid) == ["PenaltyPaid"]
        again = correcting("K-2", on=day, to={"penalty_id": wrong.id})
        assert await right.do("payment-corrections", "p-third", again) == (409, "same-officer")
        await right.done("payment-corrections", "p-fourth", again)
        assert ((await wrong.letter())["state"], (await right.letter())["state"]) == ("fulfilled", "reminded")
    receipt = await PaymentReceipt.of(f"{day}:K-2")
    assert receipt is not None
    assert receipt.holder == wrong.id


async def test_a_spared_payment_adds_nothing_while_it_stood(complaints: Harness) -> None:
    penalty = await served(complaints, "PC0000004")
    day = today()
    await paid(penalty, "K-4", "6000.00")
    with time_machine.travel(overdue_in(penalty, 2), tick=True):
        await overdue_told(complaints)
        await penalty.done("payment-corrections", "p-third", correcting("K-4", on=day, spared=True))
        assert penalty.shown["debt"]["surcharge"] == "240.00"
    with time_machine.travel(overdue_in(penalty, 3), tick=True):
        await overdue_told(complaints)
        assert (await penalty.letter())["debt"]["surcharge"] == "540.00"


async def test_after_a_court_was_applied_to_it_goes_on_there(complaints: Harness) -> None:
    penalty = await served(complaints, "PC0000005")
    sue_by = dt.date.fromisoformat((await penalty.letter())["decision"]["sue_by"])
    with time_machine.travel(overdue_in(penalty, 2), tick=True):
        await overdue_told(complaints)
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
    with time_machine.travel(later(days=(sue_by - shanghai_date(clock.now())).days + 1), tick=True):
        await overdue_told(complaints)
        await penalty.done("court-application", "p-first")
        await paid(penalty, "K-5", "20000.00")
        assert penalty.shown["state"] == "fulfilled"
        await penalty.done("payment-corrections", "p-third", correcting("K-5"))
        assert (penalty.shown["state"], penalty.shown["debt"]["owed"]) == ("in_court", "20000.00")
        await penalty.done("execution-end", "p-fourth", {"text": "无财产可供执行"})
        await paid(penalty, "K-6", "20000.00")
        assert penalty.shown["state"] == "fulfilled"
    found = await find(Term, {"matter_kind": "penalty", "matter_id": penalty.id, "step": "enforce_penalty"})
    assert [one.state for one in found] == ["met"]


async def test_the_way_to_a_court_opens_again(complaints: Harness) -> None:
    """Its term was ended when the fine counted as paid."""
    penalty = await served(complaints, "PC0000006")
    with time_machine.travel(overdue_in(penalty, 2), tick=True):
        await overdue_told(complaints)
        await paid(penalty, "K-7", "10600.00")
        await penalty.done("payment-corrections", "p-third", correcting("K-7"))
        assert penalty.shown["state"] == "served"
        found = await find(Term, {"matter_kind": "penalty", "matter_id": penalty.id, "step": "enforce_penalty"})
        assert sorted(one.state for one in found) == ["ended", "running"]


async def test_instalments_are_reckoned_as_if_it_had_been_there(complaints: Harness) -> None:
    """What was added before a deferral falls away, once a payment from before it is known."""
    wrong, right = await served(complaints, "PC0000007"), await served(complaints, "PC0000008")
    await paid(wrong, "K-8", "4000.00")
    day = today()
    with time_machine.travel(overdue_in(right, 2), tick=True):
        await overdue_told(complaints)
        await right.done("deferral-request", "enterprise", {"text": "资金周转困难"})
        first = str(shanghai_date(clock.now()) + dt.timedelta(30))
        await right.done("deferral", "p-fourth", {"yes": True, "text": "同意", "parts": 2, "first": first})
        assert right.shown["debt"]["owed"] == "10600.00"
        move = correcting("K-8", on=day, to={"penalty_id": right.id})
        await wrong.done("payment-corrections", "p-third", move)
        debt = (await right.letter())["debt"]
        assert (debt["surcharge"], debt["owed"]) == ("360.00", "6360.00")
        await right.done("payment-corrections", "p-fourth", correcting("K-8", on=day))
        assert right.shown["debt"]["owed"] == "10600.00"


async def test_an_annulled_fine_refunds_who_paid_it(complaints: Harness) -> None:
    penalty, other = await served(complaints, "PC0000009"), await served(complaints, "PC000000A")
    await paid(penalty, "K-9")
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    assert (await penalty.letter())["debt"]["refund"] == "10000.00"
    await penalty.done("payment-corrections", "p-fourth", correcting("K-9", to={"penalty_id": other.id}))
    assert (await penalty.letter())["debt"]["refund"] == "0.00"
    assert (await other.letter())["state"] == "fulfilled"


async def test_what_cannot_be_paid_there_is_not_moved(complaints: Harness) -> None:
    """Nothing of it is done then: the payment stays where it was."""
    penalty, unserved = await served(complaints, "PC000000B"), await filed(complaints, make_uscc("PC000000C"))
    await unserved.decided("2000.00")
    await paid(penalty, "K-10")
    move = correcting("K-10", to={"penalty_id": unserved.id})
    assert await penalty.do("payment-corrections", "p-third", move) == (409, "penalty-state")
    assert (await penalty.letter())["state"] == "fulfilled"
    receipt = await PaymentReceipt.of(f"{today()}:K-10")
    assert receipt is not None
    assert receipt.holder == penalty.id


@pytest.mark.parametrize("moves", [True, False])
async def test_two_officers_at_once_correct_it_once(complaints: Harness, moves: bool) -> None:
    uscc = ("PC000000D", "PC000000E") if moves else ("PC000000F", "PC000000G")
    penalty, other = [await served(complaints, one) for one in uscc]
    receipt = f"K-11-{moves}"
    await paid(penalty, receipt)
    body = correcting(receipt, to={"penalty_id": other.id} if moves else None)
    answers = await asyncio.gather(*(penalty.do("payment-corrections", who, body) for who in ("p-third", "p-fourth")))
    assert sorted(status for status, _ in answers)[0] == 200
    assert sorted(status for status, _ in answers)[1] in (409, 412)
    stored = await Penalty.of(penalty.id)
    assert stored is not None
    assert len(stored.corrections) == 1
    assert len(await corrected(complaints, penalty)) == 1


async def test_a_collected_fine_taken_back_is_not_handed_in(complaints: Harness) -> None:
    penalty = await served(complaints, "PC000000H")
    collected = {"why": "remote", "amount": "10000.00", "on": today(), "receipt": "K-12", "asked": True}
    await penalty.done("collection", "p-first", collected)
    move = correcting("K-12", to={"penalty_id": penalty.id, "toward": "confiscated"})
    assert await penalty.do("payment-corrections", "p-third", move) == (409, "collected")
    await penalty.done("payment-corrections", "p-third", correcting("K-12"))
    assert penalty.shown["debt"]["collected"] is None
    handed = {"to": "office", "on": today()}
    assert await penalty.do("collection-handed-in", "p-first", handed) == (409, "nothing-collected")
    found = await find(Term, {"matter_kind": "penalty", "matter_id": penalty.id, "step": "hand_in_fine"})
    assert [one.state for one in found] == ["ended"]
    await penalty.done("collection", "p-first", collected)


async def test_a_payment_and_a_move_at_once_both_count(complaints: Harness) -> None:
    """Only one of the two is owed there; the other was paid too much, and goes back."""
    wrong, right = await served(complaints, "PC000000J"), await served(complaints, "PC000000K")
    await paid(wrong, "K-13")
    pays = {"amount": "10000.00", "on": today(), "receipt": "K-14"}
    answers = await asyncio.gather(
        right.do("payments", "p-first", pays),
        wrong.do("payment-corrections", "p-third", correcting("K-13", to={"penalty_id": right.id})),
    )
    assert [status for status, _ in answers] == [200, 200]
    letter = await right.letter()
    assert (letter["state"], letter["debt"]["paid"], letter["debt"]["refund"]) == ("fulfilled", "20000.00", "10000.00")
    assert (await wrong.letter())["state"] == "served"


async def test_nobody_moves_a_payment_out_of_their_reach(complaints: Harness) -> None:
    """Neither an officer of another district nor one of another department, from nor to what is not theirs."""
    penalty, other = await served(complaints, "PC000000L"), await served(complaints, "PC000000M")
    await paid(penalty, "K-15")
    move = correcting("K-15", to={"penalty_id": other.id})
    etag = (await complaints.http.get(f"/v1/penalties/{penalty.id}", headers=officer("p-third"))).headers["etag"]
    await on_register(district="510623", subject="p-elsewhere")
    strangers = (
        (bearer("officer", department="hrss", district="510623", sub="p-elsewhere"), 404),
        (bearer("officer", department="transport", district="510681", sub="p-third"), 403),
        (bearer("platform", uscc=penalty.uscc), 403),
    )
    for who, status in strangers:
        for path, body in (
            ("payment-corrections", move),
            ("refunds", {"amount": "1.00", "on": today(), "receipt": "x"}),
        ):
            headers = who | {"If-Match": etag}
            answer = await complaints.http.post(f"/v1/penalties/{penalty.id}/{path}", json=body, headers=headers)
            assert answer.status_code == status
    assert (await penalty.letter())["state"] == "fulfilled"


async def test_a_payment_moves_within_its_penalty(complaints: Harness) -> None:
    """From the fine to what is confiscated: it was booked under the wrong name."""
    penalty = await told_of(complaints, make_uscc("PC000000N"), gain("6500.00"), "10000.00", "6500.00")
    await served_both(penalty, "10000.00", "6500.00")
    await paid(penalty, "K-16", "6500.00")
    move = correcting("K-16", to={"penalty_id": penalty.id, "toward": "confiscated"})
    await penalty.done("payment-corrections", "p-third", move)
    debt = (await penalty.letter())["debt"]
    assert [(one["toward"], one["amount"]) for one in debt["payments"]] == [("confiscated", "6500.00")]
    assert debt["owed"] == "10000.00"
    await paid(penalty, "K-17")
    assert penalty.shown["state"] == "fulfilled"
