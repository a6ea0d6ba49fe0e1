"""Attendance: a session counts once, from wherever it is reported, and nobody is in two places at a time."""

from __future__ import annotations

import asyncio
from typing import Any

from shared.contracts.registry import WorkerMerged
from shared.contracts.subsidies import AttendanceJudged, AttendanceSuspected
from tests.harness import Harness, bearer
from tests.integration.subsidies.bodies import begun, complete, enrol, on_file, provider, published, report, step, uscc
from tests.integration.subsidies.facts import tell


async def enrolled(subsidies: Harness, code: str, worker_id: str, *, held: bool = True, **more: Any) -> tuple[str, str]:
    """A programme whose sessions were held, and the enrolment of a person in it."""
    await on_file(subsidies, code)
    programme = await published(subsidies, code, **more)
    enrolment = (await enrol(subsidies, programme, worker_id))["enrolment_id"]
    if held:
        await begun(programme)
    return programme, enrolment


async def hours(subsidies: Harness, enrolment: str) -> int:
    found = await subsidies.http.get(f"/v1/training-enrolments/{enrolment}", headers=subsidies.officer)
    return int(found.json()["hours"])


async def signs(subsidies: Harness, worker_id: str, **query: str) -> list[Any]:
    found = await subsidies.http.get("/v1/attendance-signs", params=query, headers=subsidies.officer)
    return [one for one in found.json()["items"] if one["worker_id"] == worker_id]


async def test_a_session_counts_once_from_wherever_it_comes(subsidies: Harness) -> None:
    programme, enrolment = await enrolled(subsidies, uscc(301), "w-att")
    own, platform = provider(subsidies, uscc(301)), bearer("provincial")
    first, second = (enrolment, "s1"), (enrolment, "s2")
    assert await report(subsidies, own, programme, second, first, first) == ["counted", "counted", "reported_already"]
    assert await report(subsidies, platform, programme, first, second) == ["reported_already"] * 2
    both = await asyncio.gather(*(report(subsidies, who, programme, first) for who in (own, platform)))
    assert both == [["reported_already"], ["reported_already"]]
    assert await hours(subsidies, enrolment) == 8
    worker = bearer("worker", worker_id="w-att")
    found = await subsidies.http.get(f"/v1/training-enrolments/{enrolment}/sessions", headers=worker)
    told = [(one["session"], {said["source"] for said in one["reports"]}) for one in found.json()["items"]]
    assert told == [("s1", {"provider", "online_platform"}), ("s2", {"provider", "online_platform"})]


async def test_both_report_at_the_same_moment_and_it_counts_once(subsidies: Harness) -> None:
    programme, enrolment = await enrolled(subsidies, uscc(302), "w-att2")
    who = [provider(subsidies, uscc(302)), bearer("provincial"), bearer("provincial")]
    answers = await asyncio.gather(*(report(subsidies, one, programme, (enrolment, "s1")) for one in who))
    assert sorted(answer for [answer] in answers) == ["counted", "reported_already", "reported_already"]
    assert await hours(subsidies, enrolment) == 4


async def test_what_cannot_be_is_answered_by_its_row(subsidies: Harness) -> None:
    programme, enrolment = await enrolled(subsidies, uscc(303), "w-att3", held=False)
    own = provider(subsidies, uscc(303))
    rows = [(enrolment, "s1"), (enrolment, "s9"), ("nobody", "s1")]
    assert await report(subsidies, own, programme, *rows) == ["not_held_yet", "unknown_session", "not_enrolled"]
    assert await hours(subsidies, enrolment) == 0


async def test_foreign_bodies_and_courses_on_site_are_not_reported(subsidies: Harness) -> None:
    programme, enrolment = await enrolled(subsidies, uscc(304), "w-att4", mode="on_site")
    await report(subsidies, provider(subsidies, uscc(399)), programme, (enrolment, "s1"), expect=404)
    await report(subsidies, bearer("provincial"), programme, (enrolment, "s1"), expect=404)
    await report(subsidies, subsidies.officer, programme, (enrolment, "s1"), expect=403)


async def test_two_places_at_a_time_are_for_an_officer(subsidies: Harness) -> None:
    one, here = await enrolled(subsidies, uscc(305), "w-two")
    other, there = await enrolled(subsidies, uscc(306), "w-two")
    await report(subsidies, provider(subsidies, uscc(305)), one, (here, "s1"), (here, "s2"))
    await report(subsidies, provider(subsidies, uscc(306)), other, (there, "s1"))
    [sign] = await signs(subsidies, "w-two", state="open")
    assert set(sign["enrolments"]) == {here, there}
    assert await complete(subsidies, uscc(305), one, here) == ["suspected"]
    path = f"/v1/attendance-signs/{sign['sign_id']}"
    await step(subsidies, subsidies.officer, f"{path}/judgement", {"strike": ["other"], "note": "x"}, expect=422)
    judged = await step(subsidies, subsidies.officer, f"{path}/judgement", {"strike": [there], "note": "有现场照片"})
    assert (judged["state"], judged["note"]) == ("confirmed", "有现场照片")
    await step(subsidies, subsidies.officer, f"{path}/judgement", {"strike": [], "note": "x"}, seen=2, expect=409)
    assert (await hours(subsidies, here), await hours(subsidies, there)) == (8, 0)
    assert await complete(subsidies, uscc(305), one, here) == ["completed"]
    assert len([fact for fact in await subsidies.told(AttendanceSuspected) if fact.worker_id == "w-two"]) == 1
    assert [fact.struck for fact in await subsidies.told(AttendanceJudged) if fact.worker_id == "w-two"] == [(there,)]
    elsewhere = bearer("officer", department="hrss", district="510681")
    assert (await subsidies.http.get(path, headers=elsewhere)).status_code == 404


async def test_two_records_of_one_person_in_two_places_are_seen(subsidies: Harness) -> None:
    one, here = await enrolled(subsidies, uscc(307), "w-p1")
    other, there = await enrolled(subsidies, uscc(308), "w-p2")
    await report(subsidies, provider(subsidies, uscc(307)), one, (here, "s1"))
    await report(subsidies, provider(subsidies, uscc(308)), other, (there, "s1"))
    assert await signs(subsidies, "w-p2") == []
    await tell(subsidies, WorkerMerged(worker_id="w-p2", merged_worker_id="w-p1"))
    await subsidies.settled()
    assert len(await signs(subsidies, "w-p2", state="open")) == 1
