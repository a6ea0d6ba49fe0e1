"""What the yearly check finds ended is paid no further, and what was paid beyond it is claimed back once the payee was heard."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import httpx2
import pytest
import time_machine

from services.insurance.qualification.documents import Check
from services.insurance.recoveries.documents import Recovery
from shared import clock
from shared.contracts.insurance import (
    AdvanceDue,
    BenefitEnded,
    QualificationEnded,
    RecoveryDropped,
    RecoveryOpened,
    RecoveryProposed,
)
from shared.policy import calendar
from shared.storage.client import collection_of
from tests.harness import Harness, eventually
from tests.integration.insurance.facts import new_platform
from tests.integration.insurance.recognised import ACCOUNT, benefit, grant, in_state, recognised_claim, timer_set


@pytest.fixture
def platform() -> str:
    return new_platform()


async def told(insurance: Harness, kind: Any, platform: str) -> list[Any]:
    return [fact for fact in await insurance.told(kind) if fact.platform == platform]


async def post(insurance: Harness, path: str, body: Any, **headers: str) -> httpx2.Response:
    return await insurance.http.post(path, json=body, headers=headers or insurance.officer)


async def paid_from_september(insurance: Harness, platform: str, **facts: Any) -> Any:
    """A nursing benefit of 3500.02 a month from September 2026 on, of which every month up to now is paid."""
    claim = await recognised_claim(insurance, platform, grade=2, nursing="full", **facts)
    granted = await grant(insurance, claim, "nursing", account=ACCOUNT, first_month="2026-09")
    path = f"/v1/benefits/{granted['benefit_id']}"
    etag = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    entered = {"amount": "3500.02", "reason": "核定", "document": "1号"}
    await insurance.http.put(f"{path}/amount", json=entered, headers={**insurance.officer, "If-Match": etag})
    count = len(calendar.months_between("2026-09", calendar.month_of(clock.now())))

    async def all_paid() -> Any:
        found = await benefit(insurance, granted["benefit_id"])
        return found if len(found["payments"]) == count and found["state"] == "paid" else None

    return await eventually(all_paid, 60)


async def check_of(insurance: Harness, benefit_id: str) -> str:
    async def look() -> Any:
        return await collection_of(Check).find_one({"drawn.benefit_id": benefit_id})

    return str((await eventually(look))["_id"])


async def find_ended(insurance: Harness, check_id: str, ended_on: str, found_on: str | None = None) -> httpx2.Response:
    path = f"/v1/qualification-checks/{check_id}"
    etag = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    today = str(calendar.shanghai_date(clock.now()))
    found = {"way": "visit", "result": "not_entitled", "found_on": found_on or today, "note": "已不需要护理"}
    body = found | {"ended_on": ended_on}
    return await insurance.http.post(f"{path}/findings", json=body, headers={**insurance.officer, "If-Match": etag})


async def proposed(insurance: Harness, benefit_id: str) -> Any:
    async def look() -> Any:
        listed = await insurance.http.get(f"/v1/benefits/{benefit_id}/recoveries", headers=insurance.officer)
        return listed.json()

    [recovery] = await eventually(look)
    return recovery


async def test_a_check_that_ends_a_benefit_ends_its_payment(insurance: Harness, platform: str) -> None:
    granted = await paid_from_september(insurance, platform)
    benefit_id = granted["benefit_id"]
    check_id = await check_of(insurance, benefit_id)
    assert (await find_ended(insurance, check_id, "2026-09-20")).json()["state"] == "ended"
    await in_state(insurance, benefit_id, "stopped")
    assert not await timer_set("benefit_month", benefit_id)
    [fact] = [one for one in await insurance.told(QualificationEnded) if one.check_id == check_id]
    assert (fact.ended_on, fact.paid_through, fact.benefits) == (dt.date(2026, 9, 20), "2026-09", (benefit_id,))
    [ended] = await told(insurance, BenefitEnded, platform)
    assert (ended.ended_for, ended.told_before) == ("entitlement_ended", True), "the check has told the worker"


async def test_a_last_month_that_the_check_sets_is_told_once(insurance: Harness, platform: str) -> None:
    """The first month is still to be paid when the check ends the allowance with it: the worker hears from the check alone."""
    claim = await recognised_claim(insurance, platform, grade=2, nursing="full")
    month = calendar.month_of(clock.now())
    granted = await grant(insurance, claim, "nursing", insured=False, first_month=month)
    path = f"/v1/benefits/{granted['benefit_id']}"
    etag = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    entered = {"amount": "3500.02", "reason": "核定", "document": "1号"}
    await insurance.http.put(f"{path}/amount", json=entered, headers={**insurance.officer, "If-Match": etag})
    today = str(calendar.shanghai_date(clock.now()))
    await find_ended(insurance, await check_of(insurance, granted["benefit_id"]), today)

    async def bounded() -> bool:
        found = await benefit(insurance, granted["benefit_id"])
        return (found["last_month"], found["ends_for"]) == (month, "entitlement_ended")

    await eventually(bounded)
    assert await told(insurance, BenefitEnded, platform) == []
    assert (await post(insurance, f"{path}/payments", {"amount": "3500.02", "on": today})).status_code == 201
    [ended] = await told(insurance, BenefitEnded, platform)
    assert (ended.ended_for, ended.last_month, ended.told_before) == ("last_month_paid", month, True)


async def test_an_end_that_no_check_found_is_told(insurance: Harness, platform: str) -> None:
    """And nobody is asked to confirm any more what they do not draw."""
    granted = await paid_from_september(insurance, platform)
    path = f"/v1/benefits/{granted['benefit_id']}"
    check_id = await check_of(insurance, granted["benefit_id"])
    etag = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    stopped = await insurance.http.put(
        f"{path}/stop", json={"reason": "拒绝治疗"}, headers={**insurance.officer, "If-Match": etag}
    )
    assert stopped.status_code == 200, stopped.text
    [ended] = await told(insurance, BenefitEnded, platform)
    assert (ended.ended_for, ended.told_before) == ("by_officer", False)

    async def let_go() -> bool:
        check = await collection_of(Check).find_one({"_id": check_id})
        return check is not None and (check["state"], check["drawn"]) == ("ended", [])

    await eventually(let_go)
    assert not await timer_set("qualification_due", check_id)
    assert all(one.check_id != check_id for one in await insurance.told(QualificationEnded))


async def test_the_day_of_an_end_fits_its_finding(insurance: Harness, platform: str) -> None:
    granted = await paid_from_september(insurance, platform)
    check_id = await check_of(insurance, granted["benefit_id"])
    wrong = await find_ended(insurance, check_id, "2026-09-20", found_on="2026-09-19")
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/ended-wrongly")


async def test_what_is_due_up_to_the_end_stays_due(insurance: Harness, platform: str) -> None:
    """The month in which the entitlement ends is paid, and nothing is claimed back of it."""
    granted = await paid_from_september(insurance, platform)
    benefit_id = granted["benefit_id"]
    today = calendar.shanghai_date(clock.now())
    await find_ended(insurance, await check_of(insurance, benefit_id), str(today))
    await in_state(insurance, benefit_id, "stopped")
    found = (await insurance.http.get(f"/v1/benefits/{benefit_id}/recoveries", headers=insurance.officer)).json()
    assert found == []


async def test_what_was_paid_after_the_end_is_proposed_back(insurance: Harness, platform: str) -> None:
    """By nobody but an officer, and only once the payee was heard, or did not speak in time."""
    granted = await paid_from_september(insurance, platform)
    benefit_id = granted["benefit_id"]
    await find_ended(insurance, await check_of(insurance, benefit_id), "2026-09-20")
    recovery = await proposed(insurance, benefit_id)
    beyond = sum(one["month"] > "2026-09" for one in granted["payments"])
    owed = f"{beyond * 3500.02:.2f}"
    assert (recovery["state"], recovery["debt"]["owed"]) == ("proposed", owed)
    today = calendar.shanghai_date(clock.now())
    assert recovery["answer_by"] == str(calendar.add_working_days(today, 5).due)
    [fact] = await told(insurance, RecoveryProposed, platform)
    assert (fact.to_recover, fact.reason, fact.kin) == (owed, "no_longer_entitled", ())
    at = f"/v1/recoveries/{recovery['recovery_id']}"
    repaid = await post(insurance, f"{at}/instalments", {"amount": "1.00", "on": "2026-11-01"})
    assert (repaid.status_code, repaid.json()["type"]) == (409, "/problems/not-in-this-state")
    order = {"outcome": "order", "reason": "护理等级已取消"}
    early = await post(insurance, f"{at}/decision", order)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/not-heard")
    assert await told(insurance, RecoveryOpened, platform) == []
    me = insurance.headers("worker", worker_id=f"person-{platform}")
    said = {"statement": "十月仍需护理，电话13800000001"}
    heard = await post(insurance, f"{at}/statements", said, **me)
    assert heard.json()["statements"][0]["text"] == "十月仍需护理，电话138****0001"
    assert "十月" not in repr(await collection_of(Recovery).find_one({"_id": recovery["recovery_id"]}))
    other = insurance.headers("worker", worker_id="somebody")
    assert (await post(insurance, f"{at}/statements", said, **other)).status_code == 404
    assert (await post(insurance, f"{at}/decision", order | {"amount": "99999.00"})).status_code == 422
    ordered = (await post(insurance, f"{at}/decision", order | {"amount": "3500.02"})).json()
    assert (ordered["state"], ordered["debt"]["owed"]) == ("ordered", "3500.02")
    assert [fact.to_recover for fact in await told(insurance, RecoveryOpened, platform)] == ["3500.02"]
    assert (await post(insurance, f"{at}/decision", order)).status_code == 409
    part = {"amount": "500.00", "on": str(today)}
    assert (await post(insurance, f"{at}/instalments", part)).json()["debt"]["repaid"] == "500.00"


async def test_money_recorded_wrongly_is_put_right_by_another(insurance: Harness, platform: str) -> None:
    """What had counted as paid back in full is owed again in part; the wrong entry stays on file."""
    granted = await paid_from_september(insurance, platform)
    body = {"amount": "1000.00", "reason": "overpaid", "heard": "无异议"}
    opened = await post(insurance, f"/v1/benefits/{granted['benefit_id']}/recoveries", body)
    at = f"/v1/recoveries/{opened.json()['recovery_id']}"
    today = str(calendar.shanghai_date(clock.now()))
    full = (await post(insurance, f"{at}/instalments", {"amount": "1000.00", "on": today})).json()
    assert full["debt"]["state"] == "recovered"
    wrong = {"number": 1, "reason": "误将张三退款记入", "anew": {"amount": "100.00", "on": today}}
    own = await post(insurance, f"{at}/instalment-corrections", wrong)
    assert (own.status_code, own.json()["type"]) == (409, "/problems/second-officer-needed")
    another = {"department": "hrss", "district": "510600", "sub": "another-officer"}
    other = insurance.headers("officer", **another)
    none = await post(insurance, f"{at}/instalment-corrections", wrong | {"number": 2}, **other)
    assert none.status_code == 422
    right = await post(insurance, f"{at}/instalment-corrections", wrong, **other)
    assert right.status_code == 201, right.text
    debt = right.json()["debt"]
    assert (debt["state"], debt["repaid"], debt["closed_on"]) == ("open", "100.00", None)
    assert [one["corrected_for"] for one in debt["instalments"]] == ["误将张三退款记入", None]
    assert "误将" not in repr(await collection_of(Recovery).find_one({"benefit_id": granted["benefit_id"]}))
    assert [fact.to_recover for fact in await told(insurance, RecoveryOpened, platform)] == ["1000.00", "900.00"]
    again = await post(insurance, f"{at}/instalment-corrections", wrong, **insurance.headers("officer", **another))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/corrected-before")
    rest = await post(insurance, f"{at}/instalments", {"amount": "900.00", "on": today})
    assert rest.json()["debt"]["state"] == "recovered"


async def test_what_was_given_up_is_claimed_back_by_one_alone(insurance: Harness, platform: str) -> None:
    """A correction opens what was given up on a wrong figure, unless another recovery claims that already."""
    granted = await paid_from_september(insurance, platform)
    path, today = f"/v1/benefits/{granted['benefit_id']}/recoveries", str(calendar.shanghai_date(clock.now()))
    paid = sum(Decimal(one["amount"]) for one in granted["payments"])
    asked = {"amount": f"{paid}", "reason": "overpaid", "heard": "无异议"}
    opened = await post(insurance, path, asked)
    assert opened.status_code == 201, opened.text
    at = f"/v1/recoveries/{opened.json()['recovery_id']}"
    await post(insurance, f"{at}/instalments", {"amount": "100.00", "on": today})
    assert (await post(insurance, f"{at}/closing", {"reason": "生活困难"})).json()["debt"][
        "state"
    ] == "partly_recovered"
    second = (await post(insurance, path, asked | {"amount": "0.01"})).json()
    wrong = {"number": 1, "reason": "误记", "anew": {"amount": "10.00", "on": today}}
    another = {"department": "hrss", "district": "510600", "sub": "another-officer"}
    refused = await post(insurance, f"{at}/instalment-corrections", wrong, **insurance.headers("officer", **another))
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/too-much")
    await post(insurance, f"/v1/recoveries/{second['recovery_id']}/closing", {"reason": "撤回"})
    right = await post(insurance, f"{at}/instalment-corrections", wrong, **insurance.headers("officer", **another))
    assert (right.json()["debt"]["state"], right.json()["debt"]["repaid"]) == ("open", "10.00"), right.text


async def test_who_does_not_speak_in_time_may_be_asked_back(insurance: Harness, platform: str) -> None:
    granted = await paid_from_september(insurance, platform)
    await find_ended(insurance, await check_of(insurance, granted["benefit_id"]), "2026-09-20")
    recovery = await proposed(insurance, granted["benefit_id"])
    at = f"/v1/recoveries/{recovery['recovery_id']}"
    over = calendar.end_of_day(dt.date.fromisoformat(recovery["answer_by"]))
    with time_machine.travel(over, tick=False):
        officer = insurance.headers("officer", department="hrss", district="510600")
        ordered = await post(insurance, f"{at}/decision", {"outcome": "order", "reason": "逾期未申辩"}, **officer)
    assert ordered.json()["state"] == "ordered", ordered.text


async def test_a_proposal_may_be_dropped(insurance: Harness, platform: str) -> None:
    granted = await paid_from_september(insurance, platform)
    await find_ended(insurance, await check_of(insurance, granted["benefit_id"]), "2026-09-20")
    recovery = await proposed(insurance, granted["benefit_id"])
    at = f"/v1/recoveries/{recovery['recovery_id']}"
    dropped = (await post(insurance, f"{at}/decision", {"outcome": "drop", "reason": "核实仍需护理"})).json()
    assert (dropped["state"], dropped["decision"]["text"]) == ("dropped", "核实仍需护理")
    assert [one.recovery_id for one in await told(insurance, RecoveryDropped, platform)] == [recovery["recovery_id"]]
    waiting = await insurance.http.get("/v1/recoveries?state=proposed&limit=200", headers=insurance.officer)
    assert recovery["recovery_id"] not in [one["recovery_id"] for one in waiting.json()["items"]]


async def test_a_claim_on_a_payee_who_was_not_heard_is_a_proposal(insurance: Harness, platform: str) -> None:
    granted = await paid_from_september(insurance, platform)
    path = f"/v1/benefits/{granted['benefit_id']}/recoveries"
    asked = {"amount": "100.00", "reason": "overpaid"}
    assert (await post(insurance, path, asked)).json()["state"] == "proposed"
    assert (await post(insurance, path, asked | {"heard": "无异议"})).json()["state"] == "ordered"


async def test_nobody_advances_what_has_ended(insurance: Harness, platform: str) -> None:
    """An employer's allowance that fell due after the end is dropped, and no advance asked for it."""
    partner = new_platform()
    claim = await recognised_claim(insurance, platform, grade=2, nursing="full", partner=partner)
    month = calendar.month_of(clock.now())
    granted = await grant(insurance, claim, "nursing", insured=False, first_month=month)
    path = f"/v1/benefits/{granted['benefit_id']}"
    etag = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    entered = {"amount": "3500.02", "reason": "核定", "document": "1号"}
    await insurance.http.put(f"{path}/amount", json=entered, headers={**insurance.officer, "If-Match": etag})
    assert await timer_set("benefit_due", granted["benefit_id"])
    await find_ended(insurance, await check_of(insurance, granted["benefit_id"]), "2026-09-20")
    await in_state(insurance, granted["benefit_id"], "stopped")
    assert not await timer_set("benefit_due", granted["benefit_id"])
    assert await told(insurance, AdvanceDue, platform) == []


async def test_months_after_the_end_are_claimed_back_once(insurance: Harness, platform: str) -> None:
    """What an officer claims back of them already is not proposed again by the check."""
    granted = await paid_from_september(insurance, platform)
    path = f"/v1/benefits/{granted['benefit_id']}/recoveries"
    asked = {"amount": "3500.02", "reason": "no_longer_entitled"}
    assert (await post(insurance, path, asked)).json()["state"] == "proposed"
    await find_ended(insurance, await check_of(insurance, granted["benefit_id"]), "2026-09-20")
    await in_state(insurance, granted["benefit_id"], "stopped")
    await insurance.settled()
    beyond = sum(one["month"] > "2026-09" for one in granted["payments"])
    found = (await insurance.http.get(path, headers=insurance.officer)).json()
    owed = sum(Decimal(one["debt"]["owed"]) for one in found)
    assert owed == beyond * Decimal("3500.02")


async def test_what_an_employer_paid_is_not_claimed_for_the_fund(insurance: Harness, platform: str) -> None:
    claim = await recognised_claim(insurance, platform)
    granted = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=calendar.month_of(clock.now()))
    path = f"/v1/benefits/{granted['benefit_id']}"
    today = str(calendar.shanghai_date(clock.now()))
    assert (await post(insurance, f"{path}/payments", {"amount": "6000.00", "on": today})).status_code == 201
    asked = {"amount": "0.01", "reason": "overpaid"}
    refused = await post(insurance, f"{path}/recoveries", asked)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/too-much")
