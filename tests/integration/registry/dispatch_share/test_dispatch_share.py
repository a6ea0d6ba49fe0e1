"""The share of the dispatched among an employer's people, watched from day to day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from services.registry.dispatch_share.documents import DispatchWatch
from services.registry.engagements.documents import Engagement
from shared import clock
from shared.contracts.registry import DispatchShareExceeded
from shared.policy.calendar import shanghai_date
from shared.storage.client import storage
from shared.storage.transaction import transact
from tests.harness import bearer, eventually
from tests.integration.registry.firms import Firms
from tests.integration.registry.pushing import push
from tests.unit.registry import pushes


async def _engage(platform: str, worker: str, *, dispatched: bool) -> None:
    engagement = Engagement.model_validate(
        {
            "platform": platform,
            "worker_ref": worker,
            "started_on": dt.date(2026, 1, 1),
            "worker_id": worker,
            "industry": "courier",
            "relation": "employment",
            "district": "510603",
            "agreement": None,
            "safety_training": None,
            "partner_uscc": None,
            "dispatched": dispatched,
            "declared_at": clock.now(),
        }
    )
    await transact(engagement.put)


async def test_too_many_dispatched_people_are_told_of_once(firms: Firms, days_pass: Callable[[int], None]) -> None:
    for kind in ("business", "labour_dispatch"):
        await firms.licence(kind, "2020-01-01", None, uscc=firms.agency)
    assert (await firms.cooperate(partner=firms.agency, form="dispatch")).status_code == 201
    for number in range(8):
        await _engage(firms.platform, f"{firms.platform}-{number}", dispatched=number == 0)
    path = f"/v1/enterprises/{firms.platform}/dispatch-share"
    seen = (await firms.http.get(path, headers=firms.registry.officer)).json()
    assert (seen["dispatched"], seen["employed"], seen["percent"], seen["exceeded"]) == (1, 7, "12.5", True)
    assert (seen["limit_percent"], seen["used"][0]["source"]) == ("10", "劳务派遣暂行规定 第4条")
    other = bearer("platform", uscc=firms.partner)
    assert (await firms.http.get(path, headers=other)).status_code == 403
    early = await firms.http.get(f"{path}?on=2013-01-01", headers=firms.registry.officer)
    assert early.status_code == 422

    async def told() -> list[DispatchShareExceeded]:
        return [fact for fact in await firms.registry.told(DispatchShareExceeded) if fact.uscc == firms.platform]

    async def watched(day: int) -> bool:
        timer = await storage().collection("timers").find_one({"_id": f"registry.dispatch_share:{firms.platform}"})
        return timer is not None and str(shanghai_date(timer["due_at"])) == firms.day(day)

    scope = {"districts": ["510681"], "enterprises": [firms.platform]}
    body = {"name": f"企业工会{firms.platform}", "district": "510681", "officers": ["union:firm"], "scope": scope}
    founded = await firms.http.post(
        "/v1/unions", json=body, headers=firms.registry.officer | {"Idempotency-Key": "union"}
    )
    days_pass(1)
    [fact] = await eventually(told)
    assert fact.unions == (founded.json()["union_id"],)
    assert (fact.percent, fact.limit_percent, str(fact.on)) == ("12.5", "10", firms.day(0))
    days_pass(2)
    await eventually(lambda: watched(3))
    assert len(await told()) == 1
    for number in range(8, 10):
        await _engage(firms.platform, f"{firms.platform}-{number}", dispatched=False)
    days_pass(3)
    await eventually(lambda: watched(4))
    await _engage(firms.platform, f"{firms.platform}-10", dispatched=True)
    days_pass(4)

    async def told_again() -> bool:
        return len(await told()) == 2

    await eventually(told_again)


async def test_engagements_alone_start_the_watch(firms: Firms, days_pass: Callable[[int], None]) -> None:
    people = [
        pushes.engagement(
            platform=firms.platform,
            worker_ref=f"r{number}",
            id_number=pushes.person(number + 900),
            relation="employment",
            dispatched=True,
        )
        for number in range(2)
    ]
    assert (await push(firms.registry, pushes.array(*people), platform=firms.platform)).status_code == 202

    async def watched() -> bool:
        return await DispatchWatch.find_one({"_id": firms.platform, "watched": True}) is not None

    async def told() -> list[DispatchShareExceeded]:
        return [fact for fact in await firms.registry.told(DispatchShareExceeded) if fact.uscc == firms.platform]

    await eventually(watched)
    days_pass(1)
    [fact] = await eventually(told)
    assert (fact.dispatched, fact.employed, fact.percent) == (2, 0, "100.0")
