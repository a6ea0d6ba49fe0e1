"""A walk over everything that the registry stores, after somebody's erasure."""

from __future__ import annotations

from typing import Any, Final

import pytest

from services.registry.dossier.commands import timeline_of
from services.registry.dossier.documents import DossierEntry
from services.registry.dossier.rules import worker_subject
from services.registry.employment.documents import CAUSE, Employment
from services.registry.grounds.documents import Ground
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.storage.client import collection_of
from shared.storage.encryption import decrypt_field
from tests.harness import Harness
from tests.integration.erased import remains, undeclared
from tests.integration.registry.city import City, marks
from tests.integration.registry.grounds.test_grounds import about
from tests.unit.registry.pushes import ended

OLD: Final = {"started_on": "2022-05-01", "time": "2022-05-01T08:00:00+08:00"}


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
    await city.erased(worker)
    after = await remains(registry, [worker], told)
    assert {name for name, what in after if what != "id"} == set()
    assert undeclared("registry", after) == []


async def test_what_comes_late_of_an_erased_person_goes(city: City, registry: Harness) -> None:
    """Other services told it before they heard of the erasure: a matter that opens, one that ends, and a message to the person."""
    await city.push(city.start(**OLD))
    worker = await city.worker()
    await city.push(ended(platform=city.one, ended_on="2022-06-30", time="2022-06-30T20:00:00+08:00"))
    await city.erased(worker)
    late = {"claim_id": f"late-{worker}"}
    await registry.publish(about(worker, "insurance.claim.filed", **late))
    await registry.publish(about(worker, "complaints.case.closed", case_id=f"late-{worker}"))
    await registry.publish(about(worker, "notifier.delivery.delivered", recipient=worker))
    await registry.settled()
    assert await Ground.find({"worker_id": worker}).count() == 0
    assert await collection_of(DossierEntry).count_documents(timeline_of(worker_subject(worker))) == 0
    await registry.publish(about(worker, "insurance.claim.closed", **late))
    await registry.settled()
    assert await Ground.find({"worker_id": worker}).count() == 0


async def test_an_erased_person_is_registered_as_nothing(city: City, registry: Harness) -> None:
    """Own work that nobody can end any more ends with the erasure, as the registration as unemployed does."""
    await city.push(
        city.start(**OLD),
        city.start(**OLD, worker_ref="n", platform=city.other, id_number=city.somebody_else),
    )
    working, unemployed = await city.worker(), await city.worker(city.other)
    own = {"district": "510603", "starts_on": "2022-05-02"}
    await said(registry, working, "employment/works", own)
    without = {"district": "510603", "cause": "left_employer", "unemployed_since": "2022-05-02", "seeks_work": True}
    await said(registry, unemployed, "unemployment", without)
    last = {"ended_on": "2022-06-30", "time": "2022-06-30T20:00:00+08:00"}
    await city.push(ended(platform=city.one, **last), ended(platform=city.other, worker_ref="n", **last))
    await city.erased(working, unemployed)
    today = shanghai_date(clock.now())
    kept = await Employment.of(working)
    assert kept is not None
    assert [(one.state, one.ends_on) for one in kept.registrations] == [("ended", today)]
    assert [one.ends_on for one in kept.works] == [today]
    other = await Employment.of(unemployed)
    assert other is not None
    [row] = other.unemployments
    assert (row.state, row.ending, row.ended_on) == ("ended", "other", today)
    assert decrypt_field(CAUSE, unemployed, row.cause) == "other"
    for one in (working, unemployed):
        assert await collection_of(DossierEntry).count_documents(timeline_of(worker_subject(one))) == 0


async def said(registry: Harness, worker_id: str, path: str, body: dict[str, Any]) -> None:
    headers = registry.headers("worker", worker_id=worker_id)
    answer = await registry.http.post(f"/v1/workers/me/{path}", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
