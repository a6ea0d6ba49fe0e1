"""What an order arises from: an inspection's finding, which then shows the order, and a joint task's result."""

from __future__ import annotations

from typing import Any

from services.complaints.cases.documents import Case
from services.complaints.directives.documents import Directive
from services.complaints.inspections.documents import Inspection, Origin
from services.complaints.joint.documents import JointTask, Part, encrypted_text
from services.complaints.joint.rules import Outcome
from services.complaints.leads.documents import Lead
from shared import clock
from shared.contracts.platform import SettlementPaid
from shared.contracts.registry import EngagementCorrected
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import transact
from tests.harness import Harness, bearer
from tests.integration.complaints.course import complaint
from tests.integration.complaints.facts import PLATFORM, SOURCE, engagement, settlement
from tests.integration.complaints.facts import order as order_done
from tests.integration.complaints.staff import on_register
from tests.unit.identity.numbers import make_uscc

HERE = "510603"
ENTERPRISE, OTHER = make_uscc("DD0000011"), make_uscc("DD0000012")
VIOLATED = ["minimum_wage", "pay_in_time"]


async def inspected(**changes: Any) -> Inspection:
    """An inspection of the labour department that found two violations."""
    today = shanghai_date(clock.now())
    about: dict[str, Any] = {
        "number": "德劳查1", "campaign_id": "k", "kind": "special", "enterprise": ENTERPRISE, "department": "hrss",
        "district": HERE, "items": VIOLATED, "inspectors": ["i-1", "i-2"], "by_lot": False, "state": "found",
        "visit_by": today, "visited_on": today, "violated": VIOLATED, "outcome": "violations", "publish_by": today,
    }  # fmt: skip
    return await transact(Inspection(id=new_id(), **(about | changes)).put)


async def concluded(outcome: Outcome | None = "ordered", **changes: Any) -> JointTask:
    """A joint task of two departments, and its result."""
    task_id, today = new_id(), shanghai_date(clock.now())
    about: dict[str, Any] = {
        "number": "德联办1", "article": "5", "enterprise": ENTERPRISE, "district": HERE, "lead_department": "hrss",
        "departments": ["hrss", "transport"], "origin": Origin(kind="lead", id="l-1"), "opened_by": "o",
        "subject": encrypted_text(task_id, "联合检查"), "outcome": outcome, "used": [],
        "state": "open" if outcome is None else "concluded",
        "parts": [
            Part(department=one, demand=encrypted_text(task_id, "核查"), due_on=today) for one in ("hrss", "transport")
        ],
    }  # fmt: skip
    return await transact(JointTask(id=task_id, **(about | changes)).put)


async def filed(complaints: Harness, **changes: Any) -> str:
    body = complaint(platform=ENTERPRISE, district=HERE, **changes)
    headers = complaints.headers("worker", worker_id="w-origin")
    answer = await complaints.http.post("/v1/cases", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_id"])


async def order(complaints: Harness, by: dict[str, str], **changes: Any) -> Any:
    body = {
        "origin": "inspection",
        "enterprise": ENTERPRISE,
        "district": HERE,
        "violation": "underpayment",
        "demands": [{"article": "劳动保障监察条例第26条", "text": "支付差额"}],
        "days": 7,
    }
    headers = by | {"Idempotency-Key": new_id()}
    return await complaints.http.post("/v1/directives", json=body | changes, headers=headers)


async def test_an_inspection_shows_the_orders_that_followed(complaints: Harness) -> None:
    by = await on_register("hrss", HERE)
    inspection = await inspected()
    path = f"/v1/inspection-tasks/{inspection.id}"
    refused = await complaints.http.post(f"{path}/publication", headers=by)
    assert (refused.status_code, refused.json()["items"]) == (409, VIOLATED)

    first = await order(complaints, by, origin_id=inspection.id, items=["minimum_wage"])
    assert first.status_code == 201, first.text
    assert (first.json()["origin"], first.json()["origin_id"]) == ("inspection", inspection.id)
    still = await complaints.http.post(f"{path}/publication", headers=by)
    assert (still.status_code, still.json()["items"]) == (409, ["pay_in_time"])

    left = {"items": ["pay_in_time"], "reason": "已当场支付"}
    shown = (await complaints.http.post(f"{path}/without-order", json=left, headers=by)).json()["followed"]
    assert [(one["items"], one["directive_id"], one["reason"]) for one in shown] == [
        (["minimum_wage"], first.json()["directive_id"], None),
        (["pay_in_time"], None, "已当场支付"),
    ]
    assert (await complaints.http.post(f"{path}/publication", headers=by)).status_code == 200

    after = await order(complaints, by, origin_id=inspection.id, items=["pay_in_time"])
    assert after.status_code == 201, after.text
    own = await complaints.http.get(path, headers=bearer("platform", uscc=ENTERPRISE))
    assert own.json()["outcome"] == "violations"
    assert "followed" not in own.json()


async def test_an_order_answers_what_was_found_there_alone(complaints: Harness) -> None:
    by = await on_register("hrss", HERE)
    found = (await inspected()).id
    wrongs: list[dict[str, Any]] = [
        {"items": []},
        {"items": ["minimum_wage", "social_insurance"]},
        {"items": ["minimum_wage"], "enterprise": OTHER},
        {"items": ["minimum_wage"], "district": "510681"},
        {"items": ["minimum_wage"], "origin": "own", "origin_id": None},
        {"items": ["minimum_wage"], "origin_id": None},
    ]
    for wrong in wrongs:
        answer = await order(complaints, by, **({"origin_id": found} | wrong))
        assert answer.status_code == 422, wrong
    planned = (await inspected(state="planned", violated=[], outcome=None)).id
    assert (await order(complaints, by, origin_id=planned, items=["minimum_wage"])).status_code == 422
    kept = await Inspection.of(found)
    assert kept is not None
    assert kept.followed == []


async def test_inspection_orders_are_for_its_department(complaints: Harness) -> None:
    found = (await inspected()).id
    transport, elsewhere = await on_register("transport", HERE), await on_register("hrss", "510681")
    for by in (transport, elsewhere):
        assert (await order(complaints, by, origin_id=found, items=VIOLATED)).status_code == 404
    inspector = await on_register("hrss", HERE, subject="o-inspector", duties=["inspector"])
    assert (await order(complaints, inspector, origin_id=found, items=VIOLATED)).status_code == 403
    city = await on_register("hrss", "510600")
    of_city = (await inspected(district="510600")).id
    assert (await order(complaints, city, origin_id=of_city, items=VIOLATED)).status_code == 201


async def test_an_act_is_known_by_what_it_began_with(complaints: Harness) -> None:
    by = await on_register("hrss", HERE)
    alone = await inspected()
    led = await inspected(
        origin=Origin(kind="inspection", id=(await inspected(origin=Origin(kind="lead", id="l-1"))).id)
    )
    for inspection, root in ((alone, f"inspection:{alone.id}"), (led, "lead:l-1")):
        answer = await order(complaints, by, origin_id=inspection.id, items=VIOLATED)
        kept = await Directive.of(answer.json()["directive_id"])
        assert kept is not None
        assert kept.root == root


async def test_a_report_behind_an_inspection_stays_hidden(complaints: Harness) -> None:
    by = await on_register("hrss", HERE)
    case_id = await filed(complaints, confidential=True)
    inspection = await inspected(origin=Origin(kind="case", id=case_id))
    case = await Case.of(case_id)
    assert case is not None
    telling = [{"article": "劳动保障监察条例第26条", "text": f"就{case.number}支付差额"}]
    about: dict[str, Any] = {"origin_id": inspection.id, "items": VIOLATED}
    assert (await order(complaints, by, **about, demands=telling)).status_code == 409
    owed = [{"worker_ref": "w1", "amount": "100.00"}]
    assert (await order(complaints, by, **about, owed=owed)).status_code == 409
    assert (await order(complaints, by, **about)).status_code == 201


async def test_a_sensitive_case_keeps_its_circle_to_the_order(complaints: Harness) -> None:
    case_id = await filed(complaints, category="discrimination")
    inspection = await inspected(origin=Origin(kind="case", id=case_id))
    outside = await on_register("hrss", HERE)
    inside = await on_register("hrss", HERE, subject="o-circle", circles=["discrimination"])
    about: dict[str, Any] = {"origin_id": inspection.id, "items": VIOLATED, "violation": "discrimination"}
    assert (await order(complaints, outside, **about)).status_code == 404
    made = await order(complaints, inside, **about)
    assert made.status_code == 201, made.text
    path = f"/v1/directives/{made.json()['directive_id']}"
    assert (await complaints.http.get(path, headers=inside)).status_code == 200
    assert (await complaints.http.get(path, headers=outside)).status_code == 404


async def test_a_joint_result_leads_to_each_departments_order(complaints: Harness) -> None:
    task = await concluded()
    made = []
    for department in ("hrss", "transport"):
        by = await on_register(department, HERE)
        answer = await order(complaints, by, origin="joint", origin_id=task.id)
        assert answer.status_code == 201, answer.text
        assert (answer.json()["department"], answer.json()["origin"]) == (department, "joint")
        made.append(answer.json()["directive_id"])
    shown = await complaints.http.get(f"/v1/joint-tasks/{task.id}", headers=await on_register("transport", HERE))
    assert shown.json()["directives"] == made
    kept = await Directive.of(made[0])
    assert kept is not None
    assert kept.root == "lead:l-1"


async def test_no_order_follows_from_another_joint_result(complaints: Harness) -> None:
    by, health = await on_register("hrss", HERE), await on_register("health", HERE)
    outcomes: tuple[Outcome | None, ...] = (None, "corrected")
    for outcome in outcomes:
        answer = await order(complaints, by, origin="joint", origin_id=(await concluded(outcome)).id)
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "joint-result")
    ordered = (await concluded()).id
    assert (await order(complaints, health, origin="joint", origin_id=ordered)).status_code == 404
    assert (await order(complaints, by, origin="joint", origin_id=ordered, enterprise=OTHER)).status_code == 422


async def test_an_order_says_whether_its_lead_still_holds(complaints: Harness) -> None:
    """A settlement that is told again may take away what was ordered to be paid."""
    by = await on_register("hrss", "510681")
    refs = ("ORDERED", "ORDERED-STILL")
    for ref in refs:
        fact = engagement(EngagementCorrected, f"w-{ref}", ref, relation="partial")
        await complaints.publish(fact)
    first = settlement("ORDERED", "10.00")
    await complaints.publish(
        order_done("ORDERED", 8, 4),
        first,
        order_done("ORDERED-STILL", 8, 4),
        settlement("ORDERED-STILL", "10.00"),
        source=SOURCE,
    )
    await complaints.settled()
    made = {}
    for ref in refs:
        lead = await Lead.find_one({"worker_ref": ref, "kind": "pay_below_hourly_minimum"})
        assert lead is not None
        answer = await order(
            complaints, by, origin="lead", origin_id=lead.id, enterprise=PLATFORM, district=lead.district
        )
        assert (answer.status_code, answer.json().get("origin_holds")) == (201, True), answer.text
        made[ref] = answer.json()["directive_id"]
    again = {name: getattr(first, name) for name in first.__struct_fields__} | {"gross": "900.00", "net": "900.00"}
    await complaints.publish(SettlementPaid(**again), source=SOURCE)
    await complaints.settled()
    shown = [(await complaints.http.get(f"/v1/directives/{made[ref]}", headers=by)).json() for ref in refs]
    assert [one["origin_holds"] for one in shown] == [False, True]
    own = await order(complaints, by, origin="own", district="510681")
    assert (own.status_code, own.json()["origin_holds"]) == (201, None)
