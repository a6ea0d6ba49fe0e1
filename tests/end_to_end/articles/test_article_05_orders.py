"""五 保障劳动报酬权利: pay below the minimum is ordered to be paid, and who does not pay is listed and restricted until it is put
right.

The order is one on paper that is recorded later, so that its term is over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

from deploy.local.demo.receiver import Receiver, listening
from shared import clock
from shared.policy.calendar import SHANGHAI, shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, event, order, profile
from tests.harness import eventually

HERE = "510623"
FIRST, SECOND = f"officer@{HERE}", f"officer@{HERE}/hrss"
DUTIES = {f"officer:test-{HERE}": ["chief", "handler", "approver"], f"officer:test-{HERE}-hrss": ["chief", "approver"]}
YES = {"yes": True, "text": "符合条件"}


def ago(days: int) -> str:
    return str(shanghai_date(clock.now()) - dt.timedelta(days=days))


def month_of_work(platform: str) -> list[dict[str, Any]]:
    """Twenty-four days of ten hours, for which thirty yuan are paid."""
    begins = [dt.datetime(2025, 9, day, 8, tzinfo=SHANGHAI) for day in range(2, 26)]
    settled = {
        "settlement_id": f"{platform}-1",
        "worker_ref": "rider-5",
        "period_start": "2025-09-01",
        "period_end": "2025-09-30",
        "orders": len(begins),
        "gross": "30.00",
        "deductions": [],
        "net": "30.00",
        "due_on": "2025-09-30",
        "paid_on": "2025-09-30",
    }
    return [
        profile(platform),
        engagement(platform, "rider-5", new_id_number(), district=HERE, started_on="2025-09-01"),
        *(hours_of(platform, at) for at in begins),
        event("settlement.paid", "2025-10-01T10:00:00+08:00", settled, platform),
    ]


def hours_of(platform: str, begins: dt.datetime) -> dict[str, Any]:
    ends = begins + dt.timedelta(hours=10)
    return order(platform, f"{begins:%d}", "rider-5", begins.isoformat(), ends.isoformat(), district=HERE)


class Matter:
    """An order or a listing, as officers and the platform go on with it."""

    def __init__(self, city: City, platform: str, path: str, *, read_by_platform: str = "") -> None:
        self.city, self.us, self.path, self.own = city, f"platform:{platform}", path, path + read_by_platform

    async def do(self, by: str, step: str, body: Any = None, *, expect: int | None = None) -> dict[str, Any]:
        reader = self.own if by == self.us else self.path
        found: dict[str, Any] = await self.city.step(
            by, "complaints", self.path, step, body, read_at=reader, expect=expect
        )
        return found


async def told(city: City, caller: str, title: str) -> str:
    """The text of a caller's message of that title, once it is there."""

    async def there() -> str | None:
        messages = (await city.get(caller, "notifier", "/v1/deliveries?limit=500"))["items"]
        return next((one["text"] for one in messages if one["title"] == title), None)

    return str(await eventually(there, 120))


async def listens(city: City, receiver: Receiver) -> None:
    answer = await city.post(
        f"platform:{receiver.uscc}", "notifier", "/v1/webhooks", {"url": receiver.url, "types": None}
    )
    receiver.secret = answer["secret"]


async def heard(receiver: Receiver, *wanted: str) -> None:
    """Wait until the platform's own server has verified these events."""

    async def there() -> bool:
        return {f"cn.deyang.{one}.v1" for one in wanted} <= set(receiver.types.values())

    await eventually(there, 120)


async def in_public(city: City, service: str, path: str) -> Any:
    """What anybody reads, without a token."""
    answer = await city.http.get(city.urls[service] + path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def until(look: Callable[[], Awaitable[Any]]) -> Any:
    return await eventually(look, 60)


async def test_wages_owed_lead_to_an_order_the_list_and_off_it(city: City) -> None:
    platform = new_platform()
    us = f"platform:{platform}"
    for subject, duties in DUTIES.items():
        entry = {"name": "经办测试", "department": "hrss", "district": HERE, "duties": duties}
        await city.call("operator:test", "complaints", "PUT", f"/v1/officers/{subject}", json=entry)
    async with listening(platform) as receiver:
        assert receiver is not None
        await city.push(platform, *month_of_work(platform))
        worker = f"worker:{(await city.engagement_of(platform, 'rider-5'))['worker_id']}"
        await listens(city, receiver)
        await city.settled("registry", "complaints", "notifier")

        directive = await ordered(city, platform, await found(city, platform))
        await heard(receiver, "complaints.directive.served", "complaints.directive.overdue")
        assert "5010.00元" in await told(city, worker, "平台被责令支付报酬")
        own = (await city.get(worker, "registry", "/v1/workers/me/dossier?section=pay&limit=500"))["items"]
        assert "责令支付报酬" in [one["title"] for one in own]

        listing = await listed(city, platform, directive)
        await heard(
            receiver, "complaints.credit.notified", "complaints.enterprise.listed", "registry.restriction.applied"
        )
        filed = await cooperation(city, platform, starts_on=ago(-1))
        refused = await city.post(us, "registry", "/v1/cooperations", filed, expect=422)
        assert refused["type"] == "/problems/platform-restricted"

        await taken_off(city, listing)
        await heard(receiver, "complaints.enterprise.delisted", "registry.restriction.lifted")

        [left] = await in_public(city, "registry", f"/v1/enterprises/{platform}/restrictions")
        assert left["until"] == ago(0)  # it still holds on the day of the removal
        assert "已解除" in await told(city, us, "信用限制解除通知")
        await city.post(us, "registry", "/v1/cooperations", filed, expect=201)
        assert receiver.unverified == 0


async def found(city: City, platform: str) -> dict[str, Any]:
    """The lead on the month: its arithmetic, and what a person must still judge."""

    async def raised() -> dict[str, Any] | None:
        path = f"/v1/leads?kind=pay_below_hourly_minimum&platform={platform}"
        leads: list[dict[str, Any]] = (await city.get(FIRST, "complaints", path))["items"]
        return leads[0] if leads else None

    lead: dict[str, Any] = await until(raised)
    # 240 hours of 21 yuan
    assert [lead["finding"][name] for name in ("due", "pay", "shortfall")] == ["5040.00", "30.00", "5010.00"]
    assert "normal_labour" in [one["code"] for one in lead["to_judge"]]
    return lead


async def ordered(city: City, platform: str, lead: dict[str, Any]) -> Matter:
    """An order to pay from a lead, served and breached; half as much again is added."""
    owed = [{"worker_ref": lead["worker_ref"], "amount": lead["finding"]["shortfall"]}]
    body = {
        "origin": "lead",
        "origin_id": lead["lead_id"],
        "enterprise": platform,
        "district": HERE,
        "violation": "underpayment",
        "demands": [{"article": "劳动保障监察条例第26条", "text": "支付低于最低工资标准的差额"}],
        "owed": owed,
        "days": 15,
        "issued_on": ago(360),
    }
    made = await city.post(FIRST, "complaints", "/v1/directives", body)
    directive = Matter(city, platform, f"/v1/directives/{made['directive_id']}", read_by_platform="/order")
    await city.get(directive.us, "complaints", directive.own, expect=404)
    await directive.do(FIRST, "service", {"on": ago(361), "by": "直接送达"}, expect=422)
    await directive.do(FIRST, "service", {"on": ago(350), "by": "直接送达"})
    became = (await city.get(FIRST, "complaints", f"/v1/leads/{lead['lead_id']}"))["decision"]
    assert (became["became_kind"], became["became_id"]) == ("directive", made["directive_id"])

    async def overdue() -> bool:
        return bool((await city.get(FIRST, "complaints", directive.path))["state"] == "overdue")

    await until(overdue)
    seen = await city.get(directive.us, "complaints", directive.own)
    assert (seen["owed_total"], seen["state"]) == ("5010.00", "overdue")
    assert {"origin", "origin_id", "issued_by"}.isdisjoint(seen)
    for title in ("责令改正通知", "责令改正已逾期"):
        assert made["number"] in await told(city, directive.us, title)
    added = await directive.do(SECOND, "compensation", {"percent": 50})
    assert [one["added"] for one in added["owed"]] == ["2505.00"]
    return directive


async def listed(city: City, platform: str, directive: Matter) -> Matter:
    """The listing that follows: a person judges the sum, the enterprise is heard, another officer decides, everybody reads it."""
    body = {
        "directive_id": directive.path.rpartition("/")[2],
        "kind": "wage_arrears",
        "name": "试验外卖",
        "address": "德阳市试样路1号",
        "representative": "赵测试",
        "facts": "支付的报酬低于最低工资标准，责令支付后逾期不支付",
        "result": "责令支付",
        "months": 3,
        "grounds": "数额在全国幅度以内，经研判达到标准",
    }
    await city.post(FIRST, "complaints", "/v1/credit-listings", body, expect=422)
    judged = await city.post(FIRST, "complaints", "/v1/credit-listings", body | {"judged": True}, expect=201)
    assert (judged["reached"], judged["assessed"]) == (None, "within_range")
    listing = Matter(city, platform, f"/v1/credit-listings/{judged['listing_id']}")
    await listing.do(FIRST, "notice")
    assert judged["number"] in await told(city, listing.us, "拟列入名单或者公布告知")
    await listing.do(SECOND, "decision", YES, expect=409)  # the enterprise may still speak
    await listing.do(listing.us, "statement", {"text": "账目有争议，请求听证", "hearing": True})
    await listing.do(SECOND, "hearing", {"text": "听证笔录"})
    await listing.do(FIRST, "decision", YES, expect=409)  # who proposed does not decide
    assert platform not in [one["enterprise"] for one in await public_entries(city)]
    await listing.do(SECOND, "decision", YES, expect=409)  # its head is listed with it, or it is said why not
    done = await listing.do(SECOND, "decision", YES | {"no_head": "法定代表人下落不明，待查"})

    [entry] = [one for one in await public_entries(city) if one["enterprise"] == platform]
    assert (entry["facts"], entry["until"]) == (body["facts"], done["until"])
    assert "rider-5" not in str(entry)
    assert "列入失信名单" in await told(city, listing.us, "列入失信名单通知")

    async def restricted() -> Any:
        return await in_public(city, "registry", f"/v1/enterprises/{platform}/restrictions")

    [restriction] = await until(restricted)
    assert restriction["until"] == done["until"]
    assert {"government_funds", "market_access", "procurement"} <= {one["code"] for one in restriction["stops"]}
    assert "受到信用限制" in await told(city, listing.us, "信用限制通知")
    return listing


async def taken_off(city: City, listing: Matter) -> None:
    """What was put right before the listing counts from that: it is too early to ask. But the listing was wrong, and is revoked."""
    asked = {"put_right_on": ago(200), "pledged": True, "text": "已全部支付并承诺守信"}
    for wrong in ({"pledged": False}, {}):
        await listing.do(listing.us, "removal-request", asked | wrong, expect=409)
    removed = await listing.do(FIRST, "revocation", {"text": "列入有误"})
    assert removed["state"] == "revoked"
    assert listing.us.removeprefix("platform:") not in [one["enterprise"] for one in await public_entries(city)]
    assert "移出失信名单" in await told(city, listing.us, "移出失信名单通知")


async def public_entries(city: City) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = (await in_public(city, "complaints", "/v1/public-credit-listings?limit=500"))[
        "items"
    ]
    return entries


async def cooperation(city: City, platform: str, starts_on: str) -> dict[str, str]:
    """What a platform files with a partner that is on file with the licence for it."""
    partner = new_platform()
    filing = {"name": "试样企业", "kinds": ["partner"], "industries": ["other"], "contact_phone": "13700000002"}
    await city.call("officer", "registry", "PUT", f"/v1/enterprises/{partner}", json=filing)
    licence = {"kind": "business", "number": "营业1", "valid_from": "2024-01-01"}
    await city.post("officer", "registry", f"/v1/enterprises/{partner}/licences", licence)
    return {
        "platform": platform,
        "partner": partner,
        "form": "outsourcing",
        "industry": "other",
        "starts_on": starts_on,
    }
