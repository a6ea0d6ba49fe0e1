from __future__ import annotations

import datetime as dt

from shared.contracts.complaints import DisputeLimitationNear
from tests.harness import Harness
from tests.integration.complaints.disputes.matters import opened, today


async def test_the_worker_is_warned_twice_of_a_limitation(complaints: Harness) -> None:
    matter = await opened(complaints, claims=[{"kind": "dismissal", "known_on": "2026-08-03"}])
    last = dt.date.fromisoformat(matter.shown["limitation_on"])
    days = (last - today()).days
    for before in (90, 59, 58, 14, 13):
        await matter.later(days - before)
    warned = [one for one in await complaints.told(DisputeLimitationNear) if one.dispute_id == matter.id]
    assert [one.limitation_on for one in warned] == [last, last]
    fact = {"ground": "force_majeure", "first": str(today()), "last": str(today() + dt.timedelta(days=30))}
    assert (await matter.send(matter.worker, "facts", fact)).status_code == 200
    assert dt.date.fromisoformat(matter.shown["limitation_on"]) > last


async def test_pay_in_a_running_relation_has_no_limitation(complaints: Harness) -> None:
    assert (await opened(complaints)).shown["limitation_on"] is None
