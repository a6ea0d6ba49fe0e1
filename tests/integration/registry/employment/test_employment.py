"""Employment registration, from what platforms push to what is told and shown."""

from __future__ import annotations

import random
from typing import Any

import pytest

from shared import clock
from shared.contracts.registry import EmploymentEnded, EmploymentFact, EmploymentRegistered
from shared.storage.client import storage
from tests.harness import Harness, bearer
from tests.integration.registry.city import City, marks
from tests.unit.registry.pushes import ended, training

TRAINED = {"course": "safety", "completed_on": "2026-08-30"}


@pytest.fixture
def city(registry: Harness) -> City:
    return City(registry, next(marks))


async def shown(city: City, officer: dict[str, str] | None = None) -> dict[str, Any]:
    answer = await city.get(f"/v1/workers/{await city.worker()}/employment", officer=officer)
    found: dict[str, Any] = answer.json()
    return found


async def told(city: City) -> list[EmploymentFact]:
    worker = await city.worker()
    events = [
        event
        for fact in (EmploymentRegistered, EmploymentEnded)
        for event in await city.registry.told_events(fact)
        if event.data.worker_id == worker
    ]
    return [event.data for event in sorted(events, key=lambda event: event.id)]


def forms(registration: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["since"], one["form"]) for one in registration["forms"]]


async def test_an_engagement_registers_the_person_until_its_end(city: City) -> None:
    await city.push(city.start(safety_training=TRAINED))
    [first] = await told(city)
    assert isinstance(first, EmploymentRegistered)
    assert (first.form, str(first.starts_on), first.ends_on, first.district) == (
        "flexible",
        "2026-09-01",
        None,
        "510603",
    )
    assert first.certificate_number[:10] == f"510603{clock.now().year}"
    assert len(first.certificate_number) == 16
    await city.push(
        city.start(
            platform=city.other, relation="employment", started_on="2026-09-10", worker_ref="x", safety_training=TRAINED
        )
    )
    await city.push(ended(platform=city.one), ended(platform=city.other, worker_ref="x", ended_on="2026-09-25"))
    last = (await told(city))[-1]
    assert isinstance(last, EmploymentEnded)
    assert (last.form, str(last.ends_on), last.withdrawn) == ("employed", "2026-09-25", False)
    assert {fact.certificate_number for fact in await told(city)} == {first.certificate_number}
    [registration] = (await shown(city))["registrations"]
    assert (registration["starts_on"], registration["ends_on"]) == ("2026-09-01", "2026-09-25")
    assert forms(registration) == [("2026-09-01", "flexible"), ("2026-09-10", "employed")]


async def test_whoever_is_blocked_is_registered_once_trained(city: City) -> None:
    await city.push(city.start())
    worker = await city.worker()
    assert (await city.get(f"/v1/workers/{worker}/employment")).status_code == 404
    await city.push(training(platform=city.one))
    assert [type(fact) for fact in await told(city)] == [EmploymentRegistered]


async def test_who_ended_untrained_never_worked(city: City) -> None:
    await city.push(city.start(), ended(platform=city.one), training(platform=city.one, completed_on="2026-09-21"))
    assert await told(city) == []


async def test_a_person_who_turns_out_to_be_another_was_not_employed(city: City) -> None:
    await city.push(city.start(safety_training=TRAINED))
    wrong = await city.worker()
    await city.push(city.start(safety_training=TRAINED, id_number=city.somebody_else, time="2026-09-05T08:00:00+08:00"))
    assert await city.worker() != wrong
    assert [type(fact) for fact in await told(city)] == [EmploymentRegistered]
    [withdrawn] = [fact for fact in await city.registry.told(EmploymentEnded) if fact.worker_id == wrong]
    assert withdrawn.withdrawn
    assert (await city.get(f"/v1/workers/{wrong}/employment")).json()["registrations"] == []


async def test_a_registration_is_read_by_its_worker_and_its_district(city: City) -> None:
    await city.push(city.start(safety_training=TRAINED))
    worker = await city.worker()
    own = await city.registry.http.get("/v1/workers/me/employment", headers=bearer("worker", worker_id=worker))
    assert own.json() == await shown(city)
    nobody = await city.registry.http.get("/v1/workers/me/employment", headers=bearer("worker", worker_id="nobody"))
    assert nobody.status_code == 404
    elsewhere = {"department": "hrss", "district": "510681"}
    answer = await city.get(f"/v1/workers/{worker}/employment", officer=elsewhere)
    assert answer.status_code == 404
    assert (await shown(city, {"department": "hrss", "district": "510603"}))["worker_id"] == worker


async def test_nobody_else_has_the_same_certificate_number(city: City) -> None:
    for number in range(3):
        other = City(city.registry, next(marks))
        await other.push(other.start(safety_training=TRAINED, worker_ref=f"w-{number}"))
    rows = await storage().collection("employments").find({}).to_list(None)
    numbers = [row["certificate_number"] for row in rows]
    assert len(numbers) == len(set(numbers)) >= 3


@pytest.mark.parametrize("seed", range(4))
async def test_the_order_of_arrival_does_not_matter(registry: Harness, seed: int) -> None:
    outcomes = []
    for shuffle in (False, True):
        known = City(registry, next(marks))
        events = [
            known.start(),
            known.start(relation="employment", time="2026-09-03T08:00:00+08:00"),
            known.start(platform=known.other, worker_ref="b", started_on="2026-09-08"),
            known.start(started_on="2026-10-10", time="2026-10-09T08:00:00+08:00"),
            training(platform=known.one, completed_on="2026-08-30"),
            ended(platform=known.one),
            ended(platform=known.other, worker_ref="b", ended_on="2026-10-01"),
        ]
        if shuffle:
            random.Random(seed).shuffle(events)
        await known.push(*events)
        rows = (await known.get("/v1/engagements", {"platform": known.one})).json()["items"]
        found = (await known.get(f"/v1/workers/{rows[0]['worker_id']}/employment")).json()["registrations"]
        outcomes.append([{name: value for name, value in one.items() if name != "registration_id"} for one in found])
    assert outcomes[0] == outcomes[1]
    assert [(one["starts_on"], one["ends_on"]) for one in outcomes[0]] == [
        ("2026-09-01", "2026-10-01"),
        ("2026-10-10", None),
    ]
    assert forms(outcomes[0][0]) == [("2026-09-01", "employed"), ("2026-09-21", "flexible")]


async def test_two_records_of_one_person_have_one_certificate(city: City, registry: Harness) -> None:
    await city.push(
        city.start(),
        city.start(platform=city.other, id_number=city.somebody_else, safety_training=TRAINED),
    )
    kept, merged = await city.worker(), await city.worker(city.other)
    certificate = (await city.get(f"/v1/workers/{merged}/employment")).json()["certificate_number"]
    body = {"merged_worker_id": merged, "reason": "居住证与身份证为同一人"}
    answer = await registry.http.post(f"/v1/workers/{kept}/mergers", json=body, headers=registry.officer)
    assert answer.status_code == 201, answer.text
    found = (await city.get(f"/v1/workers/{kept}/employment")).json()
    assert found["certificate_number"] == certificate
    assert len(found["registrations"]) == 1
    withdrawn = [fact for fact in await registry.told(EmploymentEnded) if fact.worker_id == merged]
    assert [fact.withdrawn for fact in withdrawn] == [True]
