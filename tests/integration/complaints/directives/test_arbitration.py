"""Orders to pay give way where arbitration or a court decides on the same pay (劳动保障监察条例 art. 21)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest_asyncio
import time_machine

from services.complaints.directives.documents import Directive
from services.complaints.parties.commands import record_engagement
from shared import clock
from shared.contracts.complaints import DirectiveClosed, DirectiveOverdue, DirectivePayReferred
from shared.contracts.registry import EngagementBlocked, WorkerMerged
from shared.ids import new_id
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness
from tests.integration.complaints.course import Course, course
from tests.integration.complaints.directives.orders import HERE, Officers, Ordered, ordered, served
from tests.integration.complaints.disputes.matters import Matter, opened
from tests.integration.complaints.facts import PLATFORM, engagement
from tests.integration.complaints.penalties.course import filing
from tests.integration.complaints.staff import on_register


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def officers(complaints: Harness) -> Officers:
    return await Officers.on_register()


async def rider(ref: str) -> str:
    """A worker whom the platform knows by a reference; their id."""
    worker_id = f"w-{new_id()}"
    fact = engagement(EngagementBlocked, worker_id, ref, engagement_id=f"e-{worker_id}")
    await transact(lambda tx: record_engagement(msgspec.structs.replace(fact, platform=PLATFORM), tx))
    return worker_id


def owed(*refs: str) -> list[dict[str, str]]:
    return [{"worker_ref": ref, "amount": "100.00"} for ref in refs]


async def answered(complaints: Harness, worker_id: str) -> Matter:
    """A dispute on pay that may go to arbitration now."""
    matter = await opened(complaints, worker_id)
    assert await matter.step(matter.platform, "answer") == 200
    return matter


async def read(order: Ordered, who: dict[str, str]) -> dict[str, Any]:
    path = f"/v1/directives/{order.id}"
    answer = await order.complaints.http.get(f"{path}/order" if who == order.enterprise else path, headers=who)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def referred(complaints: Harness, order: Ordered) -> list[str]:
    return [one.worker_id for one in await complaints.told(DirectivePayReferred) if one.directive_id == order.id]


async def outcomes(complaints: Harness, order: Ordered) -> list[str]:
    return [one.outcome for one in await complaints.told(DirectiveClosed) if one.directive_id == order.id]


async def from_case(complaints: Harness, case: Course) -> Ordered:
    body = {
        "origin": "case",
        "origin_id": case.case_id,
        "enterprise": PLATFORM,
        "district": "510682",
        "violation": "underpayment",
        "demands": [{"article": "劳动保障监察条例第26条", "text": "支付所欠报酬"}],
        "days": 7,
    }
    headers = complaints.headers("officer", department="hrss", district="510682") | case.handler
    answer = await complaints.http.post("/v1/directives", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    order = Ordered(complaints, answer.json())
    today = {"on": str(order.shown["issued_on"]), "by": "直接送达"}
    assert await order.do("service", case.handler, today) == 200
    return order


async def test_what_goes_to_arbitration_leaves_an_order(complaints: Harness, officers: Officers) -> None:
    first, second = await rider("arb-1"), await rider("arb-2")
    order = await served(complaints, officers, PLATFORM, owed=owed("arb-1", "arb-2"))
    one, two = await answered(complaints, first), await answered(complaints, second)
    assert await one.step(one.worker, "apply") == 200
    shown = await read(order, order.enterprise)
    assert [line["elsewhere_on"] is None for line in shown["owed"]] == [False, True]
    assert (shown["state"], shown["owed_total"]) == ("served", "100.00")
    assert await referred(complaints, order) == [first]
    assert await two.step(two.worker, "apply") == 200
    shown = await read(order, officers.first)
    assert (shown["state"], shown["owed_total"]) == ("to_dispute", "0.00")
    assert await referred(complaints, order) == [first, second]
    assert await outcomes(complaints, order) == ["to_dispute"]
    assert await order.do("withdrawal", officers.second, {"text": "撤回"}) == 409
    with time_machine.travel(clock.now() + dt.timedelta(days=30), tick=True):
        await complaints.settled()
    assert not [one for one in await complaints.told(DirectiveOverdue) if one.directive_id == order.id]


async def test_what_is_in_arbitration_is_not_ordered(complaints: Harness, officers: Officers) -> None:
    worker_id = await rider("arb-3")
    drawn_up = await ordered(complaints, officers, PLATFORM, owed=owed("arb-3", "arb-unknown"))
    matter = await answered(complaints, worker_id)
    assert await matter.step(matter.worker, "apply") == 200
    shown = await read(drawn_up, officers.first)
    assert [line["elsewhere_on"] is None for line in shown["owed"]] == [False, True]
    assert await referred(complaints, drawn_up) == []
    headers = complaints.headers("officer", department="hrss", district=HERE) | officers.first
    body = {
        "origin": "own", "enterprise": PLATFORM, "district": HERE, "violation": "underpayment", "days": 7,
        "demands": [{"article": "劳动保障监察条例第26条", "text": "支付"}], "owed": owed("arb-3"),
    }  # fmt: skip
    refused = await complaints.http.post("/v1/directives", json=body, headers=headers)
    assert (refused.status_code, refused.json()["worker_refs"]) == (409, ["arb-3"])
    assert await matter.step(matter.worker, "leave") == 200
    again = complaints.headers("officer", department="hrss", district=HERE) | officers.first
    assert (await complaints.http.post("/v1/directives", json=body, headers=again)).status_code == 201


async def test_a_breach_stays_one_and_a_fine_stays(complaints: Harness, officers: Officers) -> None:
    worker_id = await rider("arb-4")
    order = await served(complaints, officers, PLATFORM, owed=owed("arb-4"))
    with time_machine.travel(clock.now() + dt.timedelta(days=9), tick=True):
        await complaints.settled()
        matter = await answered(complaints, worker_id)
        assert await matter.step(matter.worker, "apply") == 200
        assert (await read(order, officers.first))["state"] == "to_dispute"
        assert await order.do("compensation", officers.second, {"percent": 50}) == 409
        headers = complaints.headers("officer", department="hrss", district=HERE) | officers.first
        filed = filing(PLATFORM, origin="directive", origin_id=order.id, violation="underpayment")
        filed["grounds"] = ["not_put_right"]
        answer = await complaints.http.post("/v1/penalties", json=filed, headers=headers)
        assert answer.status_code == 201, answer.text
        path = f"/v1/penalties/{answer.json()['penalty_id']}"
        assert await matter.step(matter.worker, "leave") == 200
        other = await answered(complaints, worker_id)
        assert await other.step(other.worker, "apply") == 200
        assert (await complaints.http.get(path, headers=officers.first)).json()["state"] == "filed"


async def test_an_order_on_a_case_ends_with_its_claim(complaints: Harness) -> None:
    worker_id, joining = f"w-{new_id()}", f"w-{new_id()}"
    case = await course(complaints, worker_id)
    await case.do("acceptance", case.handler)
    await case.do("members", case.handler, {"worker_id": joining})
    order = await from_case(complaints, case)
    first, second = await answered(complaints, worker_id), await answered(complaints, joining)
    assert await first.step(first.worker, "apply") == 200
    assert (await read(order, order.enterprise))["state"] == "served"
    assert await second.step(second.worker, "apply") == 200
    assert (await read(order, order.enterprise))["state"] == "to_dispute"
    assert await referred(complaints, order) == sorted([worker_id, joining])
    assert (await case.read(case.worker))["ending"] == "to_dispute"


async def test_an_order_found_unmet_tells_nobody_of_arbitration(complaints: Harness) -> None:
    """Else whoever else turns to arbitration against the enterprise would have it told again."""
    worker_id = f"w-{new_id()}"
    case = await course(complaints, worker_id)
    await case.do("acceptance", case.handler)
    order = await from_case(complaints, case)
    await collection_of(Directive).update_one({"_id": order.id}, {"$set": {"state": "unmet", "passed": True}})
    matter = await answered(complaints, worker_id)
    assert await matter.step(matter.worker, "apply") == 200
    other = await answered(complaints, f"w-{new_id()}")
    assert await other.step(other.worker, "apply") == 200
    assert (await read(order, order.enterprise))["state"] == "unmet"
    assert await referred(complaints, order) == []


async def test_an_order_from_confidence_tells_nobody(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    case = await course(complaints, worker_id, confidential=True)
    await case.do("acceptance", case.handler)
    order = await from_case(complaints, case)
    before = (await complaints.http.get(f"/v1/directives/{order.id}/order", headers=order.enterprise)).headers["etag"]
    matter = await answered(complaints, worker_id)
    assert await matter.step(matter.worker, "apply") == 200
    assert (await case.read(case.worker))["ending"] == "to_dispute"
    after = await complaints.http.get(f"/v1/directives/{order.id}/order", headers=order.enterprise)
    assert (after.json()["state"], after.headers["etag"]) == ("served", before)
    assert (await referred(complaints, order), await outcomes(complaints, order)) == ([], [])


async def test_a_merger_takes_pay_out_of_an_order(complaints: Harness) -> None:
    kept, merged = f"w-{new_id()}", f"w-{new_id()}"
    case, matter = await course(complaints, merged), await answered(complaints, kept)
    await case.do("acceptance", case.handler)
    order = await from_case(complaints, case)
    assert await matter.step(matter.worker, "apply") == 200
    assert (await read(order, order.enterprise))["state"] == "served"
    await complaints.publish(WorkerMerged(worker_id=kept, merged_worker_id=merged))
    await complaints.settled()
    assert (await read(order, order.enterprise))["state"] == "to_dispute"


async def test_who_stays_away_from_a_case_orders_nothing(complaints: Harness) -> None:
    """劳动保障监察条例 art. 16."""
    case = await course(complaints, f"w-{new_id()}")
    await case.do("acceptance", case.handler)
    order = await from_case(complaints, case)
    away = await on_register(district="510682", subject="d-away")
    await case.do("recusal", away, {"reason": "近亲属在该单位任职"})
    for what, body in (("withdrawal", {"text": "撤回"}), ("check", {"met": True, "text": "已改正"})):
        assert await order.do(what, away, body) == 403
    body = {
        "origin": "case", "origin_id": case.case_id, "enterprise": PLATFORM, "district": "510682", "days": 7,
        "violation": "underpayment", "demands": [{"article": "第26条", "text": "支付"}],
    }  # fmt: skip
    headers = complaints.headers("officer", department="hrss", district="510682") | away
    assert (await complaints.http.post("/v1/directives", json=body, headers=headers)).status_code == 403
