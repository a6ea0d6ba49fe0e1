"""What was told of one person and turns out to be another's: whoever was to be paid for it is considered again."""

from __future__ import annotations

import datetime as dt

import msgspec

from shared import clock
from shared.ids import new_id
from tests.harness import Harness
from tests.integration.subsidies.facts import contribution, registered, tell, worker
from tests.integration.subsidies.filing import apply_as, read
from tests.integration.subsidies.flexible.test_flexible import recognise

STATED = {"group": "hard_to_employ", "first": "2026-03", "last": "2026-03", "pledge": True}


async def grounds(subsidies: Harness, key: str) -> dict[str, bool | None]:
    shown = await read(subsidies, key)
    return {one["code"]: one["met"] for one in shown["proposal"]["grounds"]}


async def applied(subsidies: Harness, worker_id: str) -> str:
    """An application for a month that the person is said to have paid."""
    await recognise(worker_id, dt.date(2026, 1, 1))
    await tell(subsidies, worker(worker_id, "1980-05-05"), contribution(worker_id, "2026-03", number=f"p-{worker_id}"))
    await subsidies.settled()
    return str((await apply_as(subsidies, worker_id, kind="flexible", stated=STATED))["application_id"])


async def test_a_contribution_of_another_is_taken_away(subsidies: Harness) -> None:
    one, other = f"w-{new_id()}", f"w-{new_id()}"
    key = await applied(subsidies, one)
    assert (await grounds(subsidies, key))["paid"] is True
    moved = contribution(other, "2026-03", number=f"p-{one}")
    await tell(subsidies, moved, time=clock.now() + dt.timedelta(seconds=1))
    await subsidies.settled()
    assert (await grounds(subsidies, key))["paid"] is False


async def test_anothers_employment_stands_against_nobody(subsidies: Harness) -> None:
    one, other = f"w-{new_id()}", f"w-{new_id()}"
    key = await applied(subsidies, one)
    told = registered(one, dt.date(2026, 3, 10), form="employed")
    await tell(subsidies, told)
    await subsidies.settled()
    assert (await grounds(subsidies, key))["recognised"] is False  # employment ends a recognition
    moved = msgspec.structs.replace(told, worker_id=other, certificate_number=f"5106{other}")
    await tell(subsidies, moved, time=clock.now() + dt.timedelta(seconds=1))
    await subsidies.settled()
    found = await grounds(subsidies, key)
    assert (found["recognised"], found["flexible_employment"]) == (True, True)
