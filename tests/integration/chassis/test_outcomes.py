"""What became of outside work is stored together with others, and nobody waits for it for ever when that ends."""

from __future__ import annotations

import asyncio
from functools import partial

from prometheus_client import REGISTRY

from shared.messaging.outcomes import Outcomes
from shared.storage.transaction import Transaction
from tests.harness import Harness
from tests.integration.chassis.sample import Counter


async def came(name: str, tx: Transaction) -> None:
    await Counter(id=f"came-{name}", name=name).put(tx)


async def stored(*names: str) -> list[str]:
    return sorted(one.name for one in await Counter.find({"name": {"$in": list(names)}}).to_list())


def commits() -> float:
    return REGISTRY.get_sample_value("xindun_database_statements_total", {"command": "commitTransaction"}) or 0.0


async def test_outcomes_of_one_moment_are_stored_at_once(service: Harness) -> None:
    await service.settled()
    outcomes, names = Outcomes(), [f"together-{number}" for number in range(8)]
    before = commits()
    async with outcomes.gathered():
        await asyncio.gather(*(outcomes.store(partial(came, name)) for name in names))
    assert await stored(*names) == names
    assert commits() - before == 1


async def test_one_that_fails_keeps_no_other_from_being_stored(service: Harness) -> None:
    async def fails(tx: Transaction) -> None:
        raise KeyError("of its own")

    outcomes = Outcomes()
    async with outcomes.gathered():
        found = await asyncio.gather(
            outcomes.store(partial(came, "sound")), outcomes.store(fails), return_exceptions=True
        )
    assert [type(one) for one in found] == [type(None), KeyError]
    assert await stored("sound") == ["sound"]


async def test_what_waits_at_the_end_is_stored(service: Harness) -> None:
    """Also what nobody waits for any more."""
    outcomes, names = Outcomes(), ["waits-1", "waits-2"]
    async with outcomes.gathered():
        waiting = [asyncio.create_task(outcomes.store(partial(came, name))) for name in names]
        await asyncio.sleep(0)
        waiting[1].cancel()
    await asyncio.wait_for(asyncio.wait(waiting), 1)
    assert await stored(*names) == names
    assert waiting[0].exception() is None
    assert waiting[1].cancelled()


async def test_what_comes_behind_the_end_is_stored_by_itself(service: Harness) -> None:
    outcomes = Outcomes()
    async with outcomes.gathered():
        await outcomes.store(partial(came, "in time"))
    await asyncio.wait_for(outcomes.store(partial(came, "too late")), 5)
    assert await stored("in time", "too late") == ["in time", "too late"]
