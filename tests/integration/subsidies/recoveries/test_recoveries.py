"""What was paid wrongly comes back, in instalments, late, or not at all."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from services.subsidies.recoveries import commands
from services.subsidies.recoveries.documents import Recovery
from shared import clock
from shared.contracts.subsidies import (
    SubsidyRecoveryClosed,
    SubsidyRecoveryHeard,
    SubsidyRecoveryOpened,
    SubsidyRecoveryOverdue,
    SubsidyRecoveryProposed,
)
from shared.policy.calendar import end_of_day
from shared.storage.client import storage
from shared.storage.transaction import transact
from tests.harness import Harness
from tests.integration.subsidies.money import (
    allot,
    exported,
    heaps,
    money_officer,
    owed,
    result,
    send_result,
    today,
)

PAYMENTS, RECOVERIES = "/v1/subsidy-payments", "/v1/subsidy-recoveries"


async def paid(subsidies: Harness, kind: str, amount: str = "100.00") -> str:
    """A payment that the bank has paid out."""
    await allot(kind, amount)
    (one,) = await owed(kind, amount)
    batch_id, file = await exported(subsidies, kind)
    reference = file.decode("gb18030").splitlines()[1].split(",")[1]
    await send_result(subsidies, batch_id, result((reference, amount, "成功")))
    return one


async def claim(subsidies: Harness, payment_id: str, **more: Any) -> Any:
    """A claim that was proposed, answered by who was paid, and decided by another officer."""
    recovery_id = (await propose(subsidies, payment_id, **more))["recovery_id"]
    await step(subsidies, payee(subsidies, payment_id), recovery_id, "statement", {"text": "我符合条件"})
    return await step(subsidies, await money_officer(subsidies, "second"), recovery_id, "decision")


def payee(subsidies: Harness, payment_id: str) -> dict[str, str]:
    return subsidies.headers("worker", worker_id=f"w-{payment_id}")


async def propose(subsidies: Harness, payment_id: str, *, expect: int = 201, **more: Any) -> Any:
    body = {"amount": "100.00", "reason": "not_entitled", "note": "李测试不符合条件"} | more
    who = {**await money_officer(subsidies, "maker")}
    answer = await subsidies.http.post(f"{PAYMENTS}/{payment_id}/recoveries", json=body, headers=who)
    assert answer.status_code == expect, answer.text
    return answer.json()


async def step(
    subsidies: Harness, who: dict[str, str], recovery_id: str, what: str, body: Any = None, *, expect: int = 200
) -> Any:
    shown = await subsidies.http.get(f"{RECOVERIES}/{recovery_id}", headers=who)
    answer = await subsidies.http.post(
        f"{RECOVERIES}/{recovery_id}/{what}", json=body, headers={**who, "If-Match": shown.headers["ETag"]}
    )
    assert answer.status_code == expect, answer.text
    return answer.json()


def receipt(reference: str, amount: str) -> dict[str, str]:
    return {"reference": reference, "amount": amount, "on": str(today())}


async def test_instalments_bring_everything_back(subsidies: Harness, scheduled: list[tuple[str, Any]]) -> None:
    one = await paid(subsidies, "back")
    recovery = await claim(subsidies, one, instalments=3)
    assert [part["amount"] for part in recovery["instalments"]] == ["33.33", "33.33", "33.34"]
    assert {used["key"] for used in recovery["used"]} >= {"subsidy_recovery.term_days"}
    (told,) = [told for told in await subsidies.told(SubsidyRecoveryOpened) if told.payment_id == one]
    assert (told.worker_id, told.instalments) == (f"w-{one}", 3)
    who, recovery_id = await money_officer(subsidies, "maker"), recovery["recovery_id"]
    await step(subsidies, who, recovery_id, "receipts", receipt("T1", "60.00"))
    again = await step(subsidies, who, recovery_id, "receipts", receipt("T1", "60.00"))
    assert (again["left"], again["state"]) == ("40.00", "open")
    await step(subsidies, who, recovery_id, "receipts", receipt("T1", "6.00"), expect=409)
    assert await heaps("back") == ("0.00", "0.00", "40.00", "60.00")
    await step(subsidies, who, recovery_id, "receipts", receipt("T2", "40.01"), expect=422)
    done = await step(subsidies, who, recovery_id, "receipts", receipt("T2", "40.00"))
    assert done["state"] == "recovered"
    assert await heaps("back") == ("0.00", "0.00", "0.00", "100.00")
    (told_end,) = [told for told in await subsidies.told(SubsidyRecoveryClosed) if told.payment_id == one]
    assert (told_end.ending, told_end.recovered) == ("recovered", "100.00")
    settled = [told for kind, told in scheduled if kind == "subsidies.payable_settled" and told.payable_id == one]
    assert {told.outcome for told in settled} == {"paid", "claimed", "recovered"}
    await propose(subsidies, one, amount="0.01", expect=422)
    own = await subsidies.http.get(RECOVERIES, headers=subsidies.headers("worker", worker_id=f"w-{one}"))
    assert [item["recovery_id"] for item in own.json()["items"]] == [recovery_id]


async def test_an_instalment_that_is_late_is_told(subsidies: Harness) -> None:
    one = await paid(subsidies, "late")
    recovery = await claim(subsidies, one, instalments=2)
    found = await Recovery.get(recovery["recovery_id"])
    assert found is not None
    day = found.parts[0].due_on
    await transact(lambda tx: commands.miss(found.id, day, tx))
    (told,) = [told for told in await subsidies.told(SubsidyRecoveryOverdue) if told.payment_id == one]
    assert (told.missing, told.due_on, told.lead_department) == ("50.00", day, "hrss")
    who = await money_officer(subsidies, "maker")
    agreed = {"instalments": 4, "first": str(today())}
    shown = await step(subsidies, who, found.id, "agreement", agreed)
    assert (shown["state"], [part["amount"] for part in shown["instalments"]]) == ("open", ["25.00"] * 4)
    timer = await storage().collection("timers").find_one({"_id": f"subsidies.recovery_instalment:{found.id}"})
    assert timer is not None
    assert timer["data"] == {"day": str(today())}


async def test_one_transfer_counts_for_one_recovery(subsidies: Harness) -> None:
    owed_back = [await claim(subsidies, await paid(subsidies, f"once_{name}")) for name in "ab"]
    one, other = (recovery["recovery_id"] for recovery in owed_back)
    who = await money_officer(subsidies, "maker")
    await step(subsidies, who, one, "receipts", receipt("TR 700a", "60.00"))
    refused = await step(subsidies, who, other, "receipts", receipt("ｔｒ700A", "60.00"), expect=409)
    assert (refused["type"].rpartition("/")[2], refused["recovery_id"]) == ("transfer-counted", one)
    again = await step(subsidies, who, one, "receipts", receipt("tr700a", "60.00"))
    assert again["left"] == "40.00"
    assert await heaps("once_b") == ("0.00", "0.00", "100.00", "0.00")


async def test_a_transfer_of_before_counts_too(subsidies: Harness) -> None:
    owed_back = [await claim(subsidies, await paid(subsidies, f"then_{name}")) for name in "ab"]
    one, other = (recovery["recovery_id"] for recovery in owed_back)
    who = await money_officer(subsidies, "maker")
    await step(subsidies, who, one, "receipts", receipt("T-then", "60.00"))
    await storage().collection("counted_transfers").delete_many({})
    await step(subsidies, who, other, "receipts", receipt("T-then", "60.00"), expect=409)


async def test_a_transfer_at_one_moment_counts_once(subsidies: Harness) -> None:
    owed_back = [await claim(subsidies, await paid(subsidies, f"moment_{name}")) for name in "abcd"]
    who = await money_officer(subsidies, "maker")

    async def receive(recovery_id: str) -> int:
        path = f"{RECOVERIES}/{recovery_id}"
        seen = (await subsidies.http.get(path, headers=who)).headers["ETag"]
        body = receipt("T-moment", "60.00")
        answer = await subsidies.http.post(f"{path}/receipts", json=body, headers={**who, "If-Match": seen})
        return int(answer.status_code)

    answers = Counter(await asyncio.gather(*(receive(recovery["recovery_id"]) for recovery in owed_back)))
    assert answers == {200: 1, 409: 3}
    returned = [(await heaps(f"moment_{name}"))[3] for name in "abcd"]
    assert sorted(returned) == ["0.00", "0.00", "0.00", "60.00"]


async def test_only_a_head_gives_up_what_is_owed(subsidies: Harness) -> None:
    one = await paid(subsidies, "given_up")
    recovery = await claim(subsidies, one, amount="80.00")
    await step(subsidies, await money_officer(subsidies, "maker"), recovery["recovery_id"], "write-off", expect=403)
    head = await money_officer(subsidies, "head", "head")
    done = await step(subsidies, head, recovery["recovery_id"], "write-off")
    assert (done["state"], done["left"]) == ("written_off", "80.00")
    assert await heaps("given_up") == ("0.00", "0.00", "100.00", "0.00")
    row = await storage().collection("subsidy_recoveries").find_one({"_id": recovery["recovery_id"]})
    assert "李测试" not in str(row)


@pytest.mark.parametrize("decided", [True, False])
async def test_a_claim_that_was_wrong_is_taken_back_by_another(subsidies: Harness, decided: bool) -> None:
    one = await paid(subsidies, "wrong_then" if decided else "wrong_first")
    recovery = await (claim if decided else propose)(subsidies, one)
    await step(subsidies, await money_officer(subsidies, "maker"), recovery["recovery_id"], "cancellation", expect=409)
    second = await money_officer(subsidies, "second")
    assert (await step(subsidies, second, recovery["recovery_id"], "cancellation"))["state"] == "cancelled"
    await claim(subsidies, one, instalments=12)


async def test_who_was_paid_is_heard_before_another_decides(subsidies: Harness) -> None:
    one = await paid(subsidies, "heard")
    recovery_id = (await propose(subsidies, one))["recovery_id"]
    assert [told.worker_id for told in await subsidies.told(SubsidyRecoveryProposed) if told.payment_id == one] == [
        f"w-{one}"
    ]
    maker, second = await money_officer(subsidies, "maker"), await money_officer(subsidies, "second")
    await step(subsidies, second, recovery_id, "decision", expect=409)
    await step(subsidies, payee(subsidies, one), recovery_id, "statement", {"text": "李测试住院"})
    await step(subsidies, maker, recovery_id, "decision", expect=409)
    done = await step(subsidies, second, recovery_id, "decision")
    assert (done["state"], done["statement"]) == ("open", "李测试住院")
    await step(subsidies, payee(subsidies, one), recovery_id, "statement", {"text": "太晚了"}, expect=409)
    row = await storage().collection("subsidy_recoveries").find_one({"_id": recovery_id})
    assert "李测试" not in str(row)
    heard = [told for told in await subsidies.told(SubsidyRecoveryHeard) if told.payment_id == one]
    assert [told.stated for told in heard] == [True]


async def test_who_says_nothing_in_time_need_not_be_waited_for(
    subsidies: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await paid(subsidies, "silent")
    found = await Recovery.get((await propose(subsidies, one))["recovery_id"])
    assert found is not None
    monkeypatch.setattr(clock, "now", lambda: end_of_day(found.heard_by))
    await transact(lambda tx: commands.hearing_over(found.id, tx))
    done = await step(subsidies, await money_officer(subsidies, "second"), found.id, "decision")
    assert (done["state"], done["statement"]) == ("open", None)
    heard = [told for told in await subsidies.told(SubsidyRecoveryHeard) if told.payment_id == one]
    assert False in [told.stated for told in heard]
