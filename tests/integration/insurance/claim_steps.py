"""Steps of a claim over HTTP, with accidents of a few hours ago, so that legal terms run in the tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2

from services.insurance.ledger import commands as charging
from shared import clock
from shared.contracts.insurance import ClaimFiled
from shared.contracts.platform import platform_source
from shared.contracts.registry import EngagementActivated
from shared.policy import calendar
from shared.storage.client import storage
from tests.harness import Harness, bearer
from tests.integration.insurance.facts import engagement, event, incident, order, worker

PAPERS = ["disability_application_form", "informed_consent", "diagnosis", "invoice"]
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3000


def local(at: dt.datetime) -> str:
    """An instant as the other test facts write it: Shanghai's time to the minute."""
    return at.astimezone(dt.timezone(dt.timedelta(hours=8))).strftime("%Y-%m-%d %H:%M")


def person(platform: str) -> str:
    return f"person-{platform}-w1"


async def engage(insurance: Harness, platform: str, **changes: Any) -> None:
    known = worker(changes.get("worker_id", person(platform)))
    await insurance.publish(known, engagement(EngagementActivated, platform, **changes))
    await insurance.settled()


async def order_at(platform: str, at: dt.datetime, order_id: str = "1") -> None:
    """An order that was under way at that moment."""
    minute = dt.timedelta(minutes=1)
    await charging.charge([event(platform, order(order_id, local(at + 10 * minute)))])


async def accident(insurance: Harness, platform: str, hours_ago: int = 5, **changes: Any) -> str:
    """A claim for an accident during an order, reported by the platform; its id."""
    at = clock.now() - dt.timedelta(hours=hours_ago)
    await engage(insurance, platform, **changes)
    await order_at(platform, at)
    await insurance.publish(incident("i1", local(at)), source=platform_source(platform))
    await insurance.settled()
    [filed] = [fact for fact in await insurance.told(ClaimFiled) if fact.platform == platform]
    return filed.claim_id


async def act(
    insurance: Harness, claim_id: str, path: str, who: dict[str, str], body: Any = None, expect: int = 200
) -> dict[str, Any]:
    """Take a step from the present revision; the answer's JSON. `expect`: its status."""
    answer = await step(insurance, claim_id, path, who, json=body)
    assert answer.status_code == expect, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def step(insurance: Harness, claim_id: str, path: str, who: dict[str, str], **request: Any) -> httpx2.Response:
    shown = await insurance.http.get(f"/v1/claims/{claim_id}", headers=insurance.officer)
    headers = {**who, "Idempotency-Key": insurance.officer["Idempotency-Key"], "If-Match": shown.headers["etag"]}
    return await insurance.http.post(f"/v1/claims/{claim_id}/{path}", headers=headers, **request)


def as_worker(platform: str) -> dict[str, str]:
    return bearer("worker", worker_id=person(platform))


def as_platform(platform: str) -> dict[str, str]:
    return bearer("platform", uscc=platform)


async def accepted(insurance: Harness, platform: str, **changes: Any) -> str:
    """A claim whose application has been taken up."""
    claim_id = await accident(insurance, platform, **changes)
    await act(insurance, claim_id, "applications", as_platform(platform), {"papers": PAPERS})
    await act(insurance, claim_id, "acceptance", insurance.officer, {})
    return claim_id


async def recognised(insurance: Harness, platform: str) -> str:
    claim_id = await accepted(insurance, platform)
    body = {"recognised": True, "reasons": ["order_accident"], "text": "送餐途中侧翻，事实清楚。"}
    await act(insurance, claim_id, "decisions", insurance.officer, body)
    return claim_id


async def serve(
    insurance: Harness, claim_id: str, party: str, letter: str = "decision", expect: int = 200, **changes: Any
) -> dict[str, Any]:
    """Record that a letter was served on a party today, by hand."""
    today = str(calendar.shanghai_date(clock.now()))
    body = {"letter": letter, "party": party, "way": "direct", "on": today, "evidence": "送达回证第1号"}
    return await act(insurance, claim_id, "services", insurance.officer, body | changes, expect=expect)


async def make_due(kind: str, key: str) -> None:
    found = await storage().collection("timers").update_one({"_id": f"{kind}:{key}"}, {"$set": {"due_at": clock.now()}})
    assert found.matched_count == 1


async def timers_of(claim_id: str) -> dict[str, str]:
    """The claim's deadlines that have a timer: the last day by step."""
    rows = await storage().collection("timers").find({"kind": "insurance.claim_missed"}).to_list(None)
    return {row["key"].rpartition(":")[2]: row["data"]["due_on"] for row in rows if row["data"]["claim"] == claim_id}
