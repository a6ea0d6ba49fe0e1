"""The training platform is told of courses and who takes part, and says who was at its sessions, however it misbehaves."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest

from services.subsidies.training_platform import commands
from services.subsidies.training_platform.connection import LINE
from services.subsidies.training_platform.documents import FETCHED, Fetched
from shared import clock
from shared.signed_line import Resting, Unanswered
from tests.harness import Harness, bearer, eventually
from tests.integration.subsidies.bodies import PROGRAMMES, begun, enrol, on_file, provider, published, step, uscc
from tests.integration.subsidies.facts import tell, worker


async def behave(platform: httpx2.AsyncClient, **how: Any) -> None:
    assert (await platform.post("/sandbox/behaviour", json=how)).is_success


@pytest.fixture(autouse=True)
async def _sound(platform: httpx2.AsyncClient) -> None:
    await behave(platform)
    LINE.reset()


async def course_there(platform: httpx2.AsyncClient, programme: str) -> Any:
    """A course as the platform has it, or None."""
    answer = await platform.get(f"/sandbox/courses/{programme}")
    return answer.json() if answer.is_success else None


async def names_there(platform: httpx2.AsyncClient, programme: str, *names: str) -> None:
    async def told() -> bool:
        course = await course_there(platform, programme)
        return course is not None and sorted(one["name"] for one in course["learners"]) == sorted(names)

    await eventually(told, 40)


async def hours(subsidies: Harness, enrolment: Any) -> int:
    path = f"/v1/training-enrolments/{enrolment['enrolment_id']}"
    return int((await subsidies.http.get(path, headers=subsidies.officer)).json()["hours"])


def attended(programme: str, enrolment: Any, session: str, **more: Any) -> dict[str, Any]:
    return {"programme_id": programme, "enrolment_id": enrolment["enrolment_id"], "session": session} | more


async def test_a_course_and_its_roster_go_out_as_they_stand(subsidies: Harness, platform: httpx2.AsyncClient) -> None:
    await behave(platform, fail_next=1, lose_answer_next=1)
    await on_file(subsidies, uscc(801))
    await tell(subsidies, worker("w-on1", name="试样甲"), worker("w-on2", name="试样乙"))
    await subsidies.settled()
    programme = await published(subsidies, uscc(801), mode="online")
    first = await enrol(subsidies, programme, "w-on1")
    await enrol(subsidies, programme, "w-on2")
    await names_there(platform, programme, "试样甲", "试样乙")
    path = f"/v1/training-enrolments/{first['enrolment_id']}/withdrawal"
    await step(subsidies, bearer("worker", worker_id="w-on1"), path)
    await names_there(platform, programme, "试样乙")
    cancellation = f"{PROGRAMMES}/{programme}/cancellation"
    await step(subsidies, provider(subsidies, uscc(801)), cancellation, {"reason": "停办"}, seen=2)

    async def gone() -> bool:
        course = await course_there(platform, programme)
        return bool(course["cancelled"]) and course["learners"] == []

    await eventually(gone, 40)


async def test_a_course_on_site_stays_here(subsidies: Harness, platform: httpx2.AsyncClient) -> None:
    await on_file(subsidies, uscc(802))
    programme = await published(subsidies, uscc(802), mode="on_site")
    online = await published(subsidies, uscc(802), mode="online")
    await names_there(platform, online)
    assert await course_there(platform, programme) is None


async def test_attendance_comes_in_once_and_past_what_is_bad(subsidies: Harness, platform: httpx2.AsyncClient) -> None:
    await on_file(subsidies, uscc(803))
    programme = await published(subsidies, uscc(803), mode="online")
    enrolment = await enrol(subsidies, programme, "w-in")
    await begun(programme)
    strange = [{"programme_id": 7}, attended("nowhere", enrolment, "s1"), attended(programme, enrolment, "s9")]
    good = [attended(programme, enrolment, "s1"), attended(programme, enrolment, "s1")]
    await platform.post("/sandbox/attendance", json={"items": [*strange, *good]})
    await behave(platform, answer_twice=1)
    await commands.fetch()
    assert await hours(subsidies, enrolment) == 4
    await platform.post("/sandbox/attendance", json={"items": [attended(programme, enrolment, "s2")]})
    await behave(platform, fail_reads_next=1)
    with pytest.raises(Unanswered):
        await commands.fetch()
    await commands.fetch()
    assert await hours(subsidies, enrolment) == 8
    known = await Fetched.of(FETCHED)
    assert known is not None
    assert clock.now() - known.since < dt.timedelta(minutes=5)


async def test_a_platform_that_is_away_is_left_in_peace(subsidies: Harness, platform: httpx2.AsyncClient) -> None:
    await behave(platform, fail_reads_next=20)
    for _ in range(5):
        with pytest.raises(Unanswered):
            await commands.fetch()
    with pytest.raises(Resting):
        await commands.fetch()
    LINE.reset()
