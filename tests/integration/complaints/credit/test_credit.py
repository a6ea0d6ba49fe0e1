from __future__ import annotations

import datetime as dt
from typing import Any

import pytest_asyncio
import time_machine

from services.complaints.credit.documents import Listing
from services.complaints.directives.documents import Directive
from services.complaints.parties.documents import Enterprise
from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import EnterpriseDelisted, EnterpriseListed
from shared.contracts.registry import EnterpriseRegistered
from shared.policy.calendar import add_working_days, months_after, shanghai_date
from shared.storage.client import collection_of
from tests.harness import Harness, bearer
from tests.integration.complaints.directives.orders import HERE, Officers, Ordered, served
from tests.integration.complaints.staff import on_register
from tests.unit.identity.numbers import make_uscc

OWED = [{"worker_ref": "worker-77", "amount": "20000.00"}]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def officers(complaints: Harness) -> Officers:
    return await Officers.on_register()


UNKNOWN = {"no_head": "法定代表人下落不明，待查"}
"""Why the enterprise's head is not named."""


def body_of(order: Ordered) -> dict[str, Any]:
    return {
        "directive_id": order.id,
        "kind": "wage_arrears",
        "name": "试样企业",
        "address": "德阳市试样路1号",
        "representative": "赵测试",
        "facts": "拖欠劳动报酬，逾期不支付",
        "result": "责令支付",
        "months": 4,
        "grounds": "达到数额",
    }


async def proposed(complaints: Harness, officers: Officers, order: Ordered, **changes: Any) -> tuple[int, str]:
    headers = complaints.headers("officer", department="hrss", district=HERE) | officers.first
    answer = await complaints.http.post("/v1/credit-listings", json=body_of(order) | changes, headers=headers)
    return answer.status_code, answer.json().get("listing_id", "")


async def do(complaints: Harness, listing_id: str, step: str, by: dict[str, str], body: Any = None) -> int:
    path = f"/v1/credit-listings/{listing_id}"
    etag = (await complaints.http.get(path, headers=by)).headers.get("etag", "0")
    answer = await complaints.http.post(f"{path}/{step}", json=body, headers=by | {"If-Match": etag})
    return answer.status_code


async def test_wages_owed_are_listed_after_notice_by_two(complaints: Harness, officers: Officers) -> None:
    """From a breached order to the public list, the event that restricts, and early removal."""
    uscc = make_uscc("DD0000003")
    order = await served(complaints, officers, uscc, owed=OWED)
    assert (await proposed(complaints, officers, order))[0] == 409
    yes = {"yes": True, "text": "符合条件"} | UNKNOWN
    with time_machine.travel(clock.now() + dt.timedelta(days=25), tick=True):
        await complaints.settled()
        assert (await proposed(complaints, officers, order, facts="拖欠worker-77报酬"))[0] == 422
        status, own = await proposed(complaints, officers, order)
        assert status == 201
        assert (await proposed(complaints, officers, order))[0] == 409
        enterprise = bearer("platform", uscc=uscc)
        assert await do(complaints, own, "decision", officers.second, yes) == 409
        assert (await complaints.http.get("/v1/credit-listings", headers=enterprise)).json()["items"] == []
        assert await do(complaints, own, "notice", officers.first) == 200
        assert await do(complaints, own, "decision", officers.second, yes) == 409
        assert await do(complaints, own, "statement", enterprise, {"text": "账目有误"}) == 200
        assert await do(complaints, own, "statement", enterprise, {"text": "请求听证", "hearing": True}) == 200
        assert await do(complaints, own, "statement", enterprise, {"text": "附工资表"}) == 200
        shown = (await complaints.http.get(f"/v1/credit-listings/{own}", headers=officers.second)).json()
        assert shown["statement"] == "账目有误\n\n请求听证\n\n附工资表"
        assert await do(complaints, own, "hearing", officers.first, {"text": "听证笔录"}) == 409
        assert await do(complaints, own, "hearing", officers.second, {"text": "听证笔录"}) == 200
        assert await do(complaints, own, "decision", officers.first, yes) == 409
        assert (await complaints.http.get("/v1/public-credit-listings")).json()["items"] == []
        assert await do(complaints, own, "decision", officers.second, yes) == 200
        today = shanghai_date(clock.now())
        [shown] = (await complaints.http.get("/v1/public-credit-listings")).json()["items"]
        assert (shown["enterprise"], shown["representative"]) == (uscc, None)
        assert shown["until"] == str(months_after(today, 36))
        [told] = [fact for fact in await complaints.told(EnterpriseListed) if fact.uscc == uscc]
        assert (told.listed_on, told.until, told.case_id) == (today, months_after(today, 36), None)
        assert len(told.restricts) == 8
        asked = {"put_right_on": str(today), "pledged": True, "text": "已全部支付并承诺守信"}
        assert await do(complaints, own, "removal-request", enterprise, asked) == 409
    with time_machine.travel(clock.now() + dt.timedelta(days=225), tick=True):
        enterprise = bearer("platform", uscc=uscc)
        assert await do(complaints, own, "removal-request", enterprise, asked) == 200
        [term] = await Term.find({"matter_id": own}).to_list()
        assert (term.state, term.due) == ("running", add_working_days(shanghai_date(clock.now()), 15).due)
        assert await do(complaints, own, "removal", officers.second, yes) == 409
        assert await order.do("check", officers.first, {"met": True, "text": "已核对转账"}) == 200
        assert await do(complaints, own, "removal", officers.second, yes) == 409
        assert await order.do("check-confirmation", officers.second, {"agrees": True}) == 200
        assert await do(complaints, own, "removal", officers.second, yes) == 200
        [term] = await Term.find({"matter_id": own}).to_list()
        assert term.state == "met"
        [gone] = [fact for fact in await complaints.told(EnterpriseDelisted) if fact.uscc == uscc]
        assert gone.reason == "corrected"
        assert (await complaints.http.get("/v1/public-credit-listings")).json()["items"] == []


async def public(complaints: Harness) -> str:
    return (await complaints.http.get("/v1/public-credit-listings", params={"limit": "500"})).text


async def test_what_was_put_right_before_counts_from_the_listing(complaints: Harness, officers: Officers) -> None:
    uscc = make_uscc("DD0000015")
    order = await served(complaints, officers, uscc, owed=OWED)
    with time_machine.travel(clock.now() + dt.timedelta(days=25), tick=True):
        await complaints.settled()
        _, own = await proposed(complaints, officers, order)
        paid = {"put_right_on": str(shanghai_date(clock.now())), "pledged": True, "text": "已全部支付并承诺守信"}
    with time_machine.travel(clock.now() + dt.timedelta(days=100), tick=True):
        assert await do(complaints, own, "notice", officers.first) == 200
    with time_machine.travel(clock.now() + dt.timedelta(days=220), tick=True):
        assert (
            await do(complaints, own, "decision", officers.second, {"yes": True, "text": "符合条件"} | UNKNOWN) == 200
        )
        assert await do(complaints, own, "removal-request", bearer("platform", uscc=uscc), paid) == 409
    with time_machine.travel(clock.now() + dt.timedelta(days=410), tick=True):
        assert await do(complaints, own, "removal-request", bearer("platform", uscc=uscc), paid) == 200


async def test_the_labour_department_lists_whoever_ordered(complaints: Harness, officers: Officers) -> None:
    """Another department's breached order leads to a listing by the labour department alone."""
    driving = await on_register("transport", HERE, subject="d-transport")
    body = {
        "origin": "own", "enterprise": make_uscc("DD0000017"), "district": HERE, "violation": "underpayment", "days": 7,
        "demands": [{"article": "德人社发〔2022〕95号第5条", "text": "支付差额"}], "owed": OWED,
    }  # fmt: skip
    headers = complaints.headers("officer", department="transport", district=HERE) | driving
    order = Ordered(complaints, (await complaints.http.post("/v1/directives", json=body, headers=headers)).json())
    today = str(shanghai_date(clock.now()))
    assert await order.do("service", driving, {"on": today, "by": "直接送达"}) == 200
    with time_machine.travel(clock.now() + dt.timedelta(days=25), tick=True):
        await complaints.settled()
        driving = await on_register("transport", HERE, subject="d-transport")
        keyed = complaints.headers("officer", department="transport", district=HERE) | driving
        answer = await complaints.http.post("/v1/credit-listings", json=body_of(order), headers=keyed)
        assert answer.status_code == 403, answer.text
        status, own = await proposed(complaints, officers, order)
        assert status == 201
        assert await do(complaints, own, "notice", driving) in (404, 412)
        assert await do(complaints, own, "notice", officers.first) == 200


async def test_the_end_of_one_listing_leaves_another(complaints: Harness) -> None:
    """For the risk by which a double-random draw groups enterprises."""
    uscc = make_uscc("DD0000016")
    await complaints.publish(
        EnterpriseRegistered(uscc=uscc, name="试样", industries=("courier",), delivery_classes=(), for_notifier="")
    )
    facts: dict[str, Any] = {"uscc": uscc, "case_id": None, "listed_on": dt.date(2026, 1, 1), "restricts": ()}
    first = EnterpriseListed(**facts, listing_id="l-first", until=dt.date(2029, 1, 1))
    other = EnterpriseListed(**facts, listing_id="l-other", until=dt.date(2029, 6, 1))
    await complaints.publish(first, other)
    gone = EnterpriseDelisted(
        **facts, listing_id="l-first", until=dt.date(2029, 1, 1), delisted_on=dt.date(2026, 8, 1), reason="corrected"
    )
    await complaints.publish(gone)
    await complaints.settled()
    kept = await Enterprise.of(uscc)
    assert kept is not None
    assert kept.listed_until == dt.date(2029, 6, 1)


async def test_a_listing_counts_in_whatever_order_it_is_told(complaints: Harness) -> None:
    uscc = make_uscc("DD0000017")
    facts: dict[str, Any] = {"uscc": uscc, "case_id": None, "listed_on": dt.date(2026, 1, 1), "restricts": ()}
    listed = EnterpriseListed(**facts, listing_id="l-late", until=dt.date(2029, 1, 1))
    gone = EnterpriseDelisted(
        **facts, listing_id="l-late", until=dt.date(2029, 1, 1), delisted_on=dt.date(2026, 8, 1), reason="corrected"
    )
    known = EnterpriseRegistered(uscc=uscc, name="试样", industries=("courier",), delivery_classes=(), for_notifier="")
    for fact in (gone, listed, known):
        await complaints.publish(fact)
        await complaints.settled()
    kept = await Enterprise.of(uscc)
    assert kept is not None
    assert (kept.name, kept.listed_until) == ("试样", dt.date(2026, 8, 1))


async def test_a_listing_is_over_after_its_last_day(complaints: Harness, officers: Officers) -> None:
    uscc = make_uscc("DD0000004")
    order = await served(complaints, officers, uscc, owed=OWED)
    with time_machine.travel(clock.now() + dt.timedelta(days=25), tick=True):
        await complaints.settled()
        _, own = await proposed(complaints, officers, order)
        assert await do(complaints, own, "notice", officers.first) == 200
    with time_machine.travel(clock.now() + dt.timedelta(days=50), tick=True):
        listed = {"yes": True, "text": "符合条件"} | UNKNOWN
        assert await do(complaints, own, "decision", officers.second, listed) == 200
        kept = await Listing.of(own)
        assert kept is not None
        assert kept.until is not None
        assert uscc in await public(complaints)
        # the timer of its last day may come late
        day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        await collection_of(Listing).update_one({"_id": own}, {"$set": {"until": day}})
        assert uscc not in await public(complaints)
        await collection_of(Listing).update_one(
            {"_id": own}, {"$set": {"until": dt.datetime.combine(kept.until, dt.time(), dt.UTC)}}
        )
    with time_machine.travel(clock.now() + dt.timedelta(days=1180), tick=True):
        await complaints.settled()
        [gone] = [fact for fact in await complaints.told(EnterpriseDelisted) if fact.uscc == uscc]
        assert (gone.reason, gone.delisted_on) == ("expired", kept.until)


async def test_a_listing_is_revoked_by_another_officer(complaints: Harness, officers: Officers) -> None:
    uscc = make_uscc("DD0000005")
    order = await served(complaints, officers, uscc, owed=OWED)
    with time_machine.travel(clock.now() + dt.timedelta(days=25), tick=True):
        await complaints.settled()
        _, own = await proposed(complaints, officers, order)
        assert await do(complaints, own, "notice", officers.first) == 200
    with time_machine.travel(clock.now() + dt.timedelta(days=50), tick=True):
        assert (
            await do(complaints, own, "decision", officers.second, {"yes": True, "text": "符合条件"} | UNKNOWN) == 200
        )
        assert await do(complaints, own, "revocation", officers.second, {"text": "列入有误"}) == 409
        # the order on which it stands is withdrawn only after it
        assert await order.do("withdrawal", officers.second, {"text": "责令有误"}) == 409
        assert await do(complaints, own, "revocation", officers.first, {"text": "列入有误"}) == 200
        [gone] = [fact for fact in await complaints.told(EnterpriseDelisted) if fact.uscc == uscc]
        assert gone.reason == "revoked"
        # the wages are still owed: what was wrong with the listing does not free of another
        status, again = await proposed(complaints, officers, order)
        assert (status, again != own) == (201, True)
        assert await order.do("withdrawal", officers.second, {"text": "责令有误"}) == 200
        assert await do(complaints, again, "notice", officers.first) == 200


async def test_a_short_reference_is_in_any_number(complaints: Harness, officers: Officers) -> None:
    """Who is known to a platform as 12 is told by no month."""
    owed = [{"worker_ref": "12", "amount": "20000.00"}, {"worker_ref": "worker-1212", "amount": "100.00"}]
    order = await served(complaints, officers, make_uscc("DD0000018"), owed=owed)
    with time_machine.travel(clock.now() + dt.timedelta(days=25), tick=True):
        await complaints.settled()
        named = await proposed(complaints, officers, order, facts="拖欠worker-1212的报酬")
        assert named[0] == 422
        assert (await proposed(complaints, officers, order, facts="拖欠2026年12月报酬"))[0] == 201


async def test_what_arose_in_a_circle_stays_in_it(complaints: Harness, officers: Officers) -> None:
    """A listing that follows from an order on a sensitive matter."""
    order = await served(complaints, officers, make_uscc("DD0000009"), owed=OWED)
    await collection_of(Directive).update_one({"_id": order.id}, {"$set": {"circle": "discrimination"}})
    with time_machine.travel(clock.now() + dt.timedelta(days=25), tick=True):
        await complaints.settled()
        await on_register()
        assert (await proposed(complaints, officers, order))[0] == 404
        inside = await on_register(district=HERE, subject="d-circle", circles=["discrimination"])
        headers = complaints.headers("officer", department="hrss", district=HERE) | inside
        answer = await complaints.http.post("/v1/credit-listings", json=body_of(order), headers=headers)
        own = answer.json()["listing_id"]
        for who, sees in ((inside, True), (officers.first, False), (complaints.officer, False)):
            listed = await complaints.http.get("/v1/credit-listings", headers=who)
            assert (own in listed.text) is sees
            read = await complaints.http.get(f"/v1/credit-listings/{own}", headers=who)
            assert read.status_code == (200 if sees else 404)
        assert await do(complaints, own, "notice", officers.first) == 404
        assert await do(complaints, own, "notice", inside) == 200
