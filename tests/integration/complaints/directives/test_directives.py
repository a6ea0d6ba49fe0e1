from __future__ import annotations

import datetime as dt

import msgspec
import pytest
import pytest_asyncio
import time_machine

from services.complaints.directives import commands
from services.complaints.directives.documents import Directive
from services.complaints.parties.commands import record_engagement
from shared import clock
from shared.contracts.complaints import (
    DirectiveClosed,
    DirectiveCompensationOrdered,
    DirectiveCompensationOwed,
    DirectiveDueNear,
    DirectiveOverdue,
    DirectivePayOrdered,
    DirectiveServed,
)
from shared.contracts.registry import EngagementBlocked, EngagementFact
from shared.policy.calendar import add_days, shanghai_date, start_of_day
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.complaints.directives.orders import HERE, Officers, ordered, served
from tests.integration.complaints.facts import engagement
from tests.unit.identity.numbers import make_uscc

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
ENTERPRISE, OTHER = make_uscc("DD0000001"), make_uscc("DD0000002")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def officers(complaints: Harness) -> Officers:
    return await Officers.on_register()


async def test_an_order_is_met_when_two_officers_say_so(complaints: Harness, officers: Officers) -> None:
    order = await served(complaints, officers, ENTERPRISE)
    assert order.shown["due_on"] == str(add_days(shanghai_date(clock.now()), 7).due)
    assert order.shown["owed_total"] == "133.34"
    assert await order.do("answer", order.enterprise, {"text": "差额已支付"}) == 200
    files = {"file": ("a.png", PNG, "image/png")}
    headers = complaints.headers("platform", uscc=ENTERPRISE)
    path = f"/v1/directives/{order.id}/evidence"
    kept = await complaints.http.post(path, data={"about": "转账凭证"}, files=files, headers=headers)
    assert kept.status_code == 201, kept.text
    [seen] = (await complaints.http.get(f"/v1/directives/{order.id}/evidence", headers=officers.first)).json()["items"]
    content = f"/v1/directives/{order.id}/evidence/{seen['evidence_id']}/content"
    assert (await complaints.http.get(content, headers=officers.first)).content == PNG

    assert await order.do("check", officers.first, {"met": False, "text": "未支付"}) == 409
    assert await order.do("check", officers.first, {"met": True, "text": "已核对转账"}) == 200
    assert await order.do("check-confirmation", officers.first, {"agrees": True}) == 409
    assert await order.do("check-confirmation", officers.second, {"agrees": True}) == 200
    assert order.shown["state"] == "met"
    told = [
        fact.TYPE
        for kind in (DirectiveServed, DirectiveClosed)
        for fact in await complaints.told(kind)
        if fact.directive_id == order.id
    ]
    assert told == [DirectiveServed.TYPE, DirectiveClosed.TYPE]


async def test_the_enterprise_hears_before_its_term_is_over(complaints: Harness, officers: Officers) -> None:
    """Once most of the working days have passed (terms.warn_percent)."""
    order = await served(complaints, officers, ENTERPRISE)
    last = dt.date.fromisoformat(order.shown["due_on"])

    async def reminded() -> list[dt.date]:
        return [fact.due_on for fact in await complaints.told(DirectiveDueNear) if fact.directive_id == order.id]

    assert await reminded() == []
    with time_machine.travel(start_of_day(last) + dt.timedelta(hours=10), tick=True):
        assert await eventually(reminded) == [last]


async def test_a_term_that_passes_is_told_once_and_costs(complaints: Harness, officers: Officers) -> None:
    order = await served(complaints, officers, ENTERPRISE)
    assert await order.do("compensation", officers.second, {"percent": 50}) == 409
    with time_machine.travel(clock.now() + dt.timedelta(days=25), tick=True):
        await complaints.settled()
        await complaints.settled()
        told = [fact for fact in await complaints.told(DirectiveOverdue) if fact.directive_id == order.id]
        assert len(told) == 1
        assert await order.do("compensation", officers.second, {"percent": 49}) == 422
        assert await order.do("compensation", officers.second, {"percent": 50}) == 200
        assert [one["added"] for one in order.shown["owed"]] == ["50.01", "16.67"]
        assert await order.do("check", officers.first, {"met": False, "text": "仍未支付"}) == 200
        assert await order.do("check-confirmation", officers.second, {"agrees": False}) == 200
        assert order.shown["state"] == "overdue"
        assert await order.do("check", officers.first, {"met": False, "text": "仍未支付"}) == 200
        assert await order.do("check-confirmation", officers.second, {"agrees": True}) == 200
        assert order.shown["state"] == "unmet"


async def test_what_was_not_met_in_time_may_be_met_later(complaints: Harness, officers: Officers) -> None:
    order = await served(complaints, officers, ENTERPRISE)
    with time_machine.travel(clock.now() + dt.timedelta(days=25), tick=True):
        await complaints.settled()
        enterprise = bearer("platform", uscc=ENTERPRISE)
        order.enterprise = enterprise
        assert await order.do("check", officers.first, {"met": False, "text": "仍未支付"}) == 200
        assert await order.do("check-confirmation", officers.second, {"agrees": True}) == 200
        assert await order.do("answer", enterprise, {"text": "今日已支付"}) == 200
        assert await order.do("answer", enterprise, {"text": "转账凭证编号1024"}) == 200
        assert order.shown["answer"] == "今日已支付\n\n转账凭证编号1024"
        assert await order.do("check", officers.first, {"met": True, "text": "已核对转账"}) == 200
        assert await order.do("check-confirmation", officers.second, {"agrees": False}) == 200
        assert order.shown["state"] == "overdue"
        assert await order.do("check", officers.first, {"met": True, "text": "已核对转账"}) == 200
        assert await order.do("check-confirmation", officers.second, {"agrees": True}) == 200
        told = [fact.outcome for fact in await complaints.told(DirectiveClosed) if fact.directive_id == order.id]
        assert told == ["unmet", "met"]


async def test_an_order_annulled_after_it_was_unmet(complaints: Harness, officers: Officers) -> None:
    """By a review or a court: nothing follows from it any more."""
    order = await served(complaints, officers, make_uscc("DD0000042"))
    with time_machine.travel(clock.now() + dt.timedelta(days=25), tick=True):
        await complaints.settled()
        assert await order.do("check", officers.first, {"met": False, "text": "未支付"}) == 200
        assert await order.do("check-confirmation", officers.second, {"agrees": True}) == 200
        assert await order.do("withdrawal", officers.second, {"text": "复议决定撤销"}) == 200
        kept = await Directive.of(order.id)
        assert kept is not None
        assert (kept.state, kept.breached) == ("withdrawn", False)


async def test_two_officers_are_quicker_than_the_timer(
    complaints: Harness, officers: Officers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose process may have stood still at the end of the term."""

    async def asleep(directive_id: str, tx: object) -> None:
        pass

    monkeypatch.setattr(commands, "lapse", asleep)
    order = await served(complaints, officers, ENTERPRISE)
    with time_machine.travel(clock.now() + dt.timedelta(days=25), tick=True):
        assert await order.do("check", officers.first, {"met": False, "text": "未支付"}) == 200
        assert await order.do("check-confirmation", officers.second, {"agrees": True}) == 200
        assert (order.shown["state"], order.shown["passed"]) == ("unmet", True)


async def test_an_extension_holds_once_another_approves(complaints: Harness, officers: Officers) -> None:
    order = await served(complaints, officers, ENTERPRISE)
    assert await order.do("extension-request", officers.first, {"days": 5, "text": "核对账目需要时间"}) == 200
    assert await order.do("extension", officers.first, {"text": "同意"}) == 409
    assert await order.do("extension", officers.second, {"text": "同意"}) == 200
    assert order.shown["due_on"] == str(add_days(shanghai_date(clock.now()), 12).due)
    with time_machine.travel(clock.now() + dt.timedelta(days=8), tick=True):
        await complaints.settled()
        kept = await Directive.of(order.id)
        assert kept is not None
        assert kept.state == "served"


async def test_an_enterprise_reads_its_own_orders_alone(complaints: Harness, officers: Officers) -> None:
    order = await ordered(complaints, officers, OTHER)
    own, path = bearer("platform", uscc=OTHER), f"/v1/directives/{order.id}/order"
    assert (await complaints.http.get(path, headers=own)).status_code == 404
    assert (await complaints.http.get("/v1/directives", headers=own)).json()["items"] == []
    today = str(shanghai_date(clock.now()))
    assert await order.do("service", officers.first, {"on": today, "by": "邮寄送达"}) == 200
    shown = (await complaints.http.get(path, headers=own)).json()
    assert shown["demands"][0]["text"] == "支付低于最低工资标准的差额"
    assert {"origin", "origin_id", "issued_by", "check"}.isdisjoint(shown)
    assert (await complaints.http.get(path, headers=bearer("platform", uscc=ENTERPRISE))).status_code == 404
    row = await collection_of(Directive).find_one({"_id": order.id})
    assert "差额" not in str(row)


async def test_an_order_on_paper_is_recorded_later(complaints: Harness, officers: Officers) -> None:
    """Its term runs from the day it was served, so it may be over already."""
    today = shanghai_date(clock.now())
    order = await ordered(complaints, officers, ENTERPRISE, issued_on=str(today - dt.timedelta(days=40)))
    assert order.shown["issued_on"] == str(today - dt.timedelta(days=40))
    before = {"on": str(today - dt.timedelta(days=41)), "by": "直接送达"}
    assert await order.do("service", officers.first, before) == 422
    assert await order.do("service", officers.first, before | {"on": str(today - dt.timedelta(days=30))}) == 200
    await complaints.settled()
    assert [fact.due_on for fact in await complaints.told(DirectiveOverdue) if fact.directive_id == order.id] == [
        dt.date.fromisoformat(order.shown["due_on"])
    ]
    kept = await Directive.of(order.id)
    assert kept is not None
    assert kept.state == "overdue"


async def test_an_order_to_pay_is_told_to_who_is_owed(complaints: Harness, officers: Officers) -> None:
    """To those whom the registry knows, and not again when the term is longer."""
    await record(engagement(EngagementBlocked, "w-owed", "w1", engagement_id="e-owed"), ENTERPRISE)
    order = await served(complaints, officers, ENTERPRISE)
    assert await order.do("extension-request", officers.first, {"days": 5, "text": "核对账目需要时间"}) == 200
    assert await order.do("extension", officers.second, {"text": "同意"}) == 200
    told = [fact for fact in await complaints.told(DirectivePayOrdered) if fact.directive_id == order.id]
    assert [(fact.worker_id, fact.amount) for fact in told] == [("w-owed", "100.01")]


async def test_added_compensation_is_told_to_both_sides(complaints: Harness, officers: Officers) -> None:
    enterprise = make_uscc("DD0000043")
    await record(engagement(EngagementBlocked, "w-added", "w2", engagement_id="e-added"), enterprise)
    order = await served(complaints, officers, enterprise)
    with time_machine.travel(clock.now() + dt.timedelta(days=25), tick=True):
        await complaints.settled()
        assert await order.do("compensation", officers.second, {"percent": 100}) == 200
        assert await order.do("compensation", officers.second, {"percent": 100}) == 409
        assert await order.do("compensation", officers.second, {"percent": 50}) == 200
    told = [fact for fact in await complaints.told(DirectiveCompensationOrdered) if fact.directive_id == order.id]
    assert [(fact.uscc, fact.percent, fact.amount) for fact in told] == [
        (enterprise, 100, "133.34"),
        (enterprise, 50, "66.68"),
    ]
    owed = [fact for fact in await complaints.told(DirectiveCompensationOwed) if fact.directive_id == order.id]
    assert [(fact.worker_id, fact.added) for fact in owed] == [("w-added", "33.33"), ("w-added", "16.67")]


async def record(fact: EngagementFact, platform: str) -> None:
    told = msgspec.structs.replace(fact, platform=platform)
    await transact(lambda tx: record_engagement(told, tx))


async def test_an_order_is_withdrawn_by_another_officer(complaints: Harness, officers: Officers) -> None:
    order = await served(complaints, officers, OTHER)
    assert await order.do("withdrawal", officers.first, {"text": "责令有误"}) == 409
    assert await order.do("withdrawal", officers.second, {"text": "责令有误"}) == 200
    with time_machine.travel(clock.now() + dt.timedelta(days=25), tick=True):
        await complaints.settled()
        assert not [fact for fact in await complaints.told(DirectiveOverdue) if fact.directive_id == order.id]


async def test_who_reported_in_confidence_is_in_no_order(complaints: Harness, officers: Officers) -> None:
    worker = "w-confidential"
    complaint = {
        "platform": OTHER,
        "category": "short_pay",
        "text": "九月起每单少发报酬两元",
        "district": HERE,
        "occurred_on": str(shanghai_date(clock.now())),
        "confidential": True,
    }
    filed = await complaints.http.post(
        "/v1/cases", json=complaint, headers=complaints.headers("worker", worker_id=worker)
    )
    assert filed.status_code == 201, filed.text
    case = filed.json()
    etag = filed.headers["etag"]
    accepted = await complaints.http.post(
        f"/v1/cases/{case['case_id']}/acceptance", headers=officers.first | {"If-Match": etag}
    )
    assert accepted.status_code == 200, accepted.text
    body = {
        "origin": "case",
        "origin_id": case["case_id"],
        "enterprise": OTHER,
        "district": HERE,
        "violation": "underpayment",
        "demands": [{"article": "劳动保障监察条例第26条", "text": f"就{case['number']}支付差额"}],
        "days": 7,
    }
    headers = complaints.headers("officer", department="hrss", district=HERE) | officers.first
    assert (await complaints.http.post("/v1/directives", json=body, headers=headers)).status_code == 409
    own_words, hidden = "九月起每单少发报酬两元", {"article": f"见{case['number']}", "text": "支付差额"}
    for demand in ({"article": "劳动保障监察条例第26条", "text": f"查明{own_words}，应予补足"}, hidden):
        headers = complaints.headers("officer", department="hrss", district=HERE) | officers.first
        told = await complaints.http.post("/v1/directives", json=body | {"demands": [demand]}, headers=headers)
        assert told.status_code == 409, told.text
    silent = body | {"demands": [{"article": "劳动保障监察条例第26条", "text": "支付差额"}]}
    named = silent | {"owed": [{"worker_ref": "w1", "amount": "100.00"}]}
    headers = complaints.headers("officer", department="hrss", district=HERE) | officers.first
    assert (await complaints.http.post("/v1/directives", json=named, headers=headers)).status_code == 409
    headers = complaints.headers("officer", department="hrss", district=HERE) | officers.first
    answer = await complaints.http.post("/v1/directives", json=silent, headers=headers)
    assert answer.status_code == 201, answer.text
    shown = (
        await complaints.http.get(f"/v1/directives/{answer.json()['directive_id']}", headers=officers.first)
    ).json()
    assert shown["origin_id"] == case["case_id"]


async def test_nobody_stands_in_an_order_twice(complaints: Harness, officers: Officers) -> None:
    """Ten are owed where ten persons are, which decides whether the sums of the crime are reached."""
    body = {
        "origin": "own", "enterprise": make_uscc("DD0000041"), "district": HERE, "violation": "underpayment", "days": 7,
        "demands": [{"article": "劳动保障监察条例第26条", "text": "支付差额"}],
        "owed": [{"worker_ref": "w1", "amount": "4000.00"}] * 10,
    }  # fmt: skip
    headers = complaints.headers("officer", department="hrss", district=HERE) | officers.first
    answer = await complaints.http.post("/v1/directives", json=body, headers=headers)
    assert (answer.status_code, answer.json()["worker_refs"]) == (422, ["w1"])
