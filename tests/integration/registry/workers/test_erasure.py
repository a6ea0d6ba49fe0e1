"""A walk over everything that the registry stores, after somebody's erasure."""

from __future__ import annotations

import pytest

from shared.contracts.registry import WorkerErased
from tests.harness import Harness
from tests.integration.erased import remains, undeclared
from tests.integration.registry.city import City, marks
from tests.unit.registry.pushes import ended


@pytest.fixture
def city(registry: Harness) -> City:
    return City(registry, next(marks))


async def test_nothing_says_who_an_erased_person_was(city: City, registry: Harness) -> None:
    told = ["欧阳试样丙", "13800009876", city.somebody]
    await city.push(city.start(started_on="2022-05-01", time="2022-05-01T08:00:00+08:00", name=told[0], phone=told[1]))
    worker = await city.worker()
    before = await remains(registry, [worker], told)
    assert {("workers", "texts"), ("identities", "texts")} <= before
    await city.push(
        ended(platform=city.one, ended_on="2022-06-30", time="2022-06-30T20:00:00+08:00", reason="欧阳试样丙生病")
    )
    await registry.settled()
    assert worker in [fact.worker_id for fact in await registry.told(WorkerErased)]
    after = await remains(registry, [worker], told)
    assert {name for name, what in after if what != "id"} == set()
    assert undeclared("registry", after) == []
