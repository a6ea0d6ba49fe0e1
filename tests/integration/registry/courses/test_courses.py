"""Courses that the catalogue leaves open: noted, decided by an officer, and what follows for those who have them."""

from __future__ import annotations

from typing import Any

import pytest

from services.registry.courses.commands import LOOK_AGAIN, Pass
from services.registry.courses.commands import decide as decide_course
from services.registry.courses.documents import ReportedCourse
from services.registry.courses.rules import Word
from shared import clock
from shared.callers import Caller
from shared.ids import new_id
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer, eventually
from tests.integration.registry.city import City
from tests.unit.registry.pushes import training

_serial = iter(range(4100, 4200))


OFFICER = Caller(subject="safety-officer", role="officer", department="emergency", district="510600")


def safety_officer() -> dict[str, str]:
    return bearer("officer", sub="safety-officer", department="emergency", district="510600")


@pytest.fixture
def city(registry: Harness) -> City:
    return City(registry, next(_serial))


async def reported(city: City, registry: Harness, state: str = "open") -> list[dict[str, Any]]:
    path = f"/v1/reported-courses?platform={city.one}&state={state}"
    return list((await registry.http.get(path, headers=safety_officer())).json()["items"])


async def decide(registry: Harness, course: dict[str, Any], **said: Any) -> dict[str, Any]:
    path = f"/v1/reported-courses/{course['course_id']}"
    seen = (await registry.http.get(path, headers=safety_officer())).headers["etag"]
    body = {"reason": "已核对培训大纲", **said}
    headers = {**safety_officer(), "If-Match": seen, "Idempotency-Key": new_id()}
    answer = await registry.http.post(f"{path}/decision", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def states(city: City, wanted: str) -> bool:
    return {item["state"] for item in await city.listed()} == {wanted}


async def test_an_unknown_course_opens_the_gate_only_by_an_officer(city: City, registry: Harness) -> None:
    await city.push(city.start(safety_training=None), training(platform=city.one, course="骑士入门"))
    assert await states(city, "blocked")
    [course] = await reported(city, registry)
    assert (course["course"], course["industries"]) == ("骑士入门", ["instant_delivery"])
    decided = await decide(registry, course, opens=["instant_delivery"], validity_months=12)
    assert decided["state"] == "decided"
    await eventually(lambda: states(city, "active"))
    [item] = await city.listed()
    seen = (await city.get(f"/v1/engagements/{item['engagement_id']}/safety")).json()
    assert (seen["course"], seen["to_judge"]) == ("骑士入门", [])
    assert seen["valid_to"] is not None
    assert await reported(city, registry) == []


async def test_an_officer_shuts_the_gate_of_a_declared_course(city: City, registry: Harness) -> None:
    named = {"course": "企业文化", "completed_on": "2026-09-01"}
    await city.push(city.start(safety_training=named))
    assert await states(city, "active")  # the platform answers for what it names
    [course] = await reported(city, registry)
    await decide(registry, course, shuts=["instant_delivery"])
    await eventually(lambda: states(city, "blocked"))
    await city.push(city.start(worker_ref="w-2", id_number=city.somebody_else, safety_training=named))
    assert await states(city, "blocked")


async def test_a_decision_reaches_who_was_let_in_by_the_course_once(city: City, registry: Harness) -> None:
    """The platform took the training back; that the person might work until then is decided of all the same."""
    await city.push(city.start(safety_training={"course": "企业文化", "completed_on": "2026-09-01"}))
    worker_id = await city.worker()
    await city.push(city.start(safety_training=None, time="2026-09-03T08:00:00+08:00"))
    assert await states(city, "blocked")
    path = f"/v1/workers/{worker_id}/employment"
    assert len((await city.get(path)).json()["registrations"]) == 1
    [course] = await reported(city, registry)
    await decide(registry, course, shuts=["instant_delivery"])

    async def withdrawn() -> bool:
        return bool((await city.get(path)).json()["registrations"] == [])

    await eventually(withdrawn)


async def test_a_course_of_another_trade_does_not_open_the_gate(city: City, registry: Harness) -> None:
    named = {"course": "freight-safety", "completed_on": "2026-09-01"}
    await city.push(city.start(safety_training=named))
    assert await states(city, "blocked")
    assert await reported(city, registry) == []  # the catalogue has said it


async def test_a_course_stays_open_until_every_trade_is_decided(city: City, registry: Harness) -> None:
    named = {"course": "综合班", "completed_on": "2026-09-01"}
    await city.push(city.start(safety_training=named))
    await city.push(
        city.start(worker_ref="w-2", id_number=city.somebody_else, industry="courier", safety_training=named)
    )
    [course] = await reported(city, registry)
    assert course["industries"] == ["courier", "instant_delivery"]
    half = await decide(registry, course, opens=["instant_delivery"])
    assert half["state"] == "open"
    whole = await decide(registry, course, opens=["instant_delivery"], shuts=["courier"])
    assert (whole["state"], len(whole["decisions"])) == ("decided", 2)


async def test_who_sees_and_who_decides_of_courses(city: City, registry: Harness) -> None:
    await city.push(city.start(safety_training={"course": "safety", "completed_on": "2026-09-01"}))
    [course] = await reported(city, registry)  # how long it holds is published nowhere
    path = f"/v1/reported-courses/{course['course_id']}"
    own, other = bearer("platform", uscc=city.one), bearer("platform", uscc=city.other)
    assert (await registry.http.get(path, headers=own)).status_code == 200
    assert (await registry.http.get(path, headers=other)).status_code == 404
    listed = await registry.http.get(f"/v1/reported-courses?platform={city.one}", headers=other)
    assert listed.json()["items"] == []
    body = {"opens": ["instant_delivery"], "reason": "有效"}
    seen = {"If-Match": "1"}
    local = bearer("officer", department="emergency", district="510603")
    foreign = bearer("officer", department="medical_insurance", district="510600")
    for headers in (own, local, foreign):
        assert (await registry.http.post(f"{path}/decision", json=body, headers=headers | seen)).status_code == 403
    stale = await registry.http.post(f"{path}/decision", json=body, headers=safety_officer() | {"If-Match": "7"})
    assert stale.status_code == 412
    empty = await registry.http.post(f"{path}/decision", json={"reason": "x"}, headers=safety_officer() | seen)
    assert empty.status_code == 422


async def test_a_decision_during_the_last_look_reaches_everybody(city: City, registry: Harness) -> None:
    """Who was looked at before it came is looked at once more."""
    for ref in ("a", "b"):
        person = {"id_number": city.somebody if ref == "a" else city.somebody_else, "worker_ref": ref}
        await city.push(
            city.start(safety_training=None, **person), training(platform=city.one, course="夜班须知", worker_ref=ref)
        )
    [course] = await reported(city, registry)
    await decide(registry, course, shuts=["instant_delivery"])
    await registry.settled()
    kept = await ReportedCourse.get(course["course_id"])
    assert kept is not None
    workers = sorted(item["worker_id"] for item in await city.listed())

    async def interrupted(tx: Transaction) -> None:
        """The last look has passed the first worker when an officer decides anew."""
        await decide_course(
            kept.id, Word(frozenset({"instant_delivery"}), frozenset(), None), "复核", OFFICER, kept.revision, tx
        )
        tx.schedule(LOOK_AGAIN, kept.id, clock.now(), Pass(after=workers[0], last=True, decisions=1))

    await transact(interrupted)
    await eventually(lambda: states(city, "active"))
