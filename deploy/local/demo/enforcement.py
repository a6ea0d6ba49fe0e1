"""What follows from what is found: two orders to put right, one met and one not, a listing that everybody reads, and an inspection
whose enterprises and inspectors are drawn so that anybody can draw again."""

import asyncio
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.local import child
from deploy.local.demo.client import CallFailed, Client
from deploy.local.demo.events import SHANGHAI
from deploy.local.demo.whole_case import OFFICER, SECOND_OFFICER, THIRD_OFFICER

BEACON, SOURCE = "03 08 14 21 27 33 + 09", "双色球下一期开奖号码"
DRAW_AFTER = timedelta(seconds=3)
"""How long after the lists are published the public draw is known."""
OWED = "20000.00"
"""What a person is owed, yuan: the sum from which a listing follows without an officer's judgement."""


NO_DRAW = {"enterprises": 0, "unpublished": 0, "untold": 0, "not_the_same": 0}


class Matter:
    """An order or a listing, as officers and the platform go on with it; `own`: where the platform reads it."""

    def __init__(self, client: Client, path: str, platform: str, *, own: str = "") -> None:
        self.client, self.path, self.platform, self.own = client, path, f"platform:{platform}", path + own

    async def do(self, by: str, step: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        read = self.own if by == self.platform else self.path
        seen = (await self.client.call(by, "complaints", "GET", read)).headers["etag"]
        path = f"{self.path}/{step}"
        answer = await self.client.call(by, "complaints", "POST", path, json=body, headers={"if-match": seen})
        found: dict[str, Any] = answer.json()
        return found


async def announce(client: Client, district: str) -> str | None:
    """Announce a double-random campaign in a district: its lists and its commitment are public; its path, or None where nobody
    works there, so that nobody can be drawn."""
    now = datetime.now(UTC)
    body = {
        "kind": "double_random",
        "title": "平台用工双随机抽查",
        "articles": ["2", "5"],
        "district": district,
        "starts_on": _day(),
        "ends_on": _day(ahead=60),
        "source": SOURCE,
        "known_from": (now + DRAW_AFTER).isoformat(),
    }
    try:
        return await _made(client, SECOND_OFFICER, "/v1/inspection-campaigns", body)
    except CallFailed as refused:
        if "nobody-listed" in str(refused):
            return None
        raise


async def order(client: Client, platform: str, worker_ref: str, district: str) -> Matter:
    """An order that is met at once, and one on paper to pay a person, whose term is over; the latter."""
    rest = {
        "origin": "own",
        "enterprise": platform,
        "district": district,
        "violation": "rest",
        "demands": [{"article": "德人社发〔2022〕95号（六）", "text": "连续工作达到上限的，停止派单"}],
        "days": 15,
    }
    met = await _ordered(client, rest, platform, _day())
    await met.do(met.platform, "answer", {"text": "已调整派单规则"})
    await met.do(OFFICER, "check", {"met": True, "text": "现场核查已改正"})
    await met.do(SECOND_OFFICER, "check-confirmation", {"agrees": True})
    pay = rest | {
        "violation": "underpayment",
        "demands": [{"article": "劳动保障监察条例第26条", "text": "支付低于最低工资标准的差额"}],
        "owed": [{"worker_ref": worker_ref, "amount": OWED}],
        "issued_on": _day(ahead=-60),
    }
    return await _ordered(client, pay, platform, _day(ahead=-50))


async def list_enterprise(client: Client, order: Matter) -> None:
    """List who does not pay: proposed, told, heard, and decided by another officer."""
    body = {
        "directive_id": order.path.rpartition("/")[2],
        "kind": "wage_arrears",
        "name": "演示平台",
        "address": "德阳市演示路1号",
        "representative": "演示",
        "facts": "支付的报酬低于最低工资标准，责令支付后逾期不支付",
        "result": "责令支付",
        "months": 3,
        "grounds": "数额达到标准",
    }
    path = await _made(client, OFFICER, "/v1/credit-listings", body)
    listing = Matter(client, path, order.platform.removeprefix("platform:"))
    await listing.do(OFFICER, "notice")
    await listing.do(listing.platform, "statement", {"text": "请求听证", "hearing": True})
    await listing.do(SECOND_OFFICER, "hearing", {"text": "听证笔录"})
    decision = {"yes": True, "text": "符合条件", "no_head": "法定代表人下落不明，待查"}
    await listing.do(SECOND_OFFICER, "decision", decision)


async def inspect(client: Client, campaign: str) -> int:
    """Hold the draw of a campaign, visit whom it names, and publish what was found; how many were drawn."""
    await client.call(SECOND_OFFICER, "complaints", "POST", f"{campaign}/draw", json={"beacon": BEACON})
    asked = {"campaign_id": campaign.rpartition("/")[2], "limit": "500"}
    tasks = (await client.officer("complaints", "/v1/inspection-tasks", **asked))["items"]
    for task in tasks:
        path = f"/v1/inspection-tasks/{task['inspection_id']}"
        found = {
            "visited_on": _day(),
            "present": task["inspectors"],
            "findings": [{"item": item, "verdict": "compliant"} for item in task["items"]],
        }
        await client.call(task["inspectors"][0], "complaints", "POST", f"{path}/findings", json=found)
        await client.call(THIRD_OFFICER, "complaints", "POST", f"{path}/publication")
    return len(tasks)


async def verified(client: Client, campaign: str) -> int:
    """What the program says that anybody runs to draw again: 0 where it comes to the same."""
    url = f"{client.urls['complaints']}{campaign}/draw"
    command = [sys.executable, "-m", "services.complaints", "draw", "--verify", url]
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, cwd=child.PROJECT, env={}, stdout=quiet, stderr=quiet)
    return await process.wait()


async def in_public(client: Client, path: str) -> dict[str, Any]:
    """What everybody reads, without a token."""
    answer = await client.http.get(client.urls["complaints"] + path)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


async def states(client: Client) -> list[str]:
    """How the orders stand."""
    return [one["state"] for one in (await client.officer("complaints", "/v1/directives", limit="500"))["items"]]


async def begun(campaign: dict[str, Any]) -> None:
    """Wait until the public draw of a campaign is known."""
    left = datetime.fromisoformat(campaign["known_from"]) - datetime.now(UTC)
    await asyncio.sleep(max(0.0, left.total_seconds() + 0.1))


async def _ordered(client: Client, body: Mapping[str, Any], platform: str, served_on: str) -> Matter:
    order = Matter(client, await _made(client, OFFICER, "/v1/directives", body), platform, own="/order")
    await order.do(OFFICER, "service", {"on": served_on, "by": "直接送达"})
    return order


async def _made(client: Client, by: str, path: str, body: Mapping[str, Any]) -> str:
    return (await client.call(by, "complaints", "POST", path, json=body)).headers["location"]


def _day(*, ahead: int = 0) -> str:
    return f"{datetime.now(SHANGHAI) + timedelta(days=ahead):%Y-%m-%d}"
