"""Completions and examinations, and the certificates that follow from them."""

from __future__ import annotations

from typing import Any

from shared.contracts.subsidies import CertificateIssued, ExaminationRecorded
from tests.harness import Harness, bearer
from tests.integration.subsidies.bodies import (
    begun,
    complete,
    enrol,
    examined,
    in_days,
    on_file,
    provider,
    published,
    report,
    uscc,
)


async def course_of(subsidies: Harness, code: str, worker_id: str, **more: Any) -> tuple[str, str]:
    await on_file(subsidies, code)
    programme = await published(subsidies, code, **more)
    enrolment = (await enrol(subsidies, programme, worker_id))["enrolment_id"]
    await begun(programme)
    return programme, enrolment


async def certificates(subsidies: Harness, worker_id: str) -> list[Any]:
    found = await subsidies.http.get("/v1/certificates", headers=bearer("worker", worker_id=worker_id))
    return list(found.json()["items"])


async def test_without_an_examination_completion_gives_the_certificate(subsidies: Harness) -> None:
    programme, enrolment = await course_of(subsidies, uscc(401), "w-done")
    await report(subsidies, provider(subsidies, uscc(401)), programme, (enrolment, "s1"))
    assert await complete(subsidies, uscc(401), programme, enrolment, enrolment, "nobody") == [
        "completed",
        "completed_already",
        "not_enrolled",
    ]
    [certificate] = await certificates(subsidies, "w-done")
    told = (certificate["course"], certificate["level"], certificate["provider"], certificate["completed_on"])
    assert told == ("网约配送员初级班", "junior", uscc(401), in_days(-3))
    path = f"/v1/training-enrolments/{enrolment}"
    own = (await subsidies.http.get(path, headers=bearer("worker", worker_id="w-done"))).json()
    # no share of the hours is known, so the body's word decided
    assert (own["state"], own["hours"], own["by_word"]) == ("completed", 4, True)
    issued = [fact for fact in await subsidies.told(CertificateIssued) if fact.worker_id == "w-done"]
    assert [(fact.platform, fact.provider, fact.occupation) for fact in issued] == [("", uscc(401), "4-02-07-10")]
    assert await examined(subsidies, uscc(401), programme, {}, expect=422) == []


async def test_a_course_is_completed_only_when_it_is_over(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(402))
    programme = await published(subsidies, uscc(402))
    enrolment = (await enrol(subsidies, programme, "w-early"))["enrolment_id"]
    assert await complete(subsidies, uscc(402), programme, enrolment) == ["not_over"]


async def test_who_fails_may_sit_again_and_passes_once(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(404), "evaluation_body")
    programme, enrolment = await course_of(subsidies, uscc(403), "w-exam", evaluator=uscc(404))

    def result(attempt: int, day: int, *, passed: bool, **more: Any) -> dict[str, Any]:
        base = {"enrolment_id": enrolment, "attempt": attempt, "taken_on": in_days(day), "passed": passed}
        return base | more

    failed, passed = result(1, -2, passed=False), result(2, -1, passed=True, grade="good")
    assert await examined(subsidies, uscc(404), programme, failed) == ["not_completed"]
    assert await complete(subsidies, uscc(403), programme, enrolment) == ["completed"]
    assert await certificates(subsidies, "w-exam") == []
    assert await examined(subsidies, uscc(404), programme, passed) == ["out_of_turn"]
    await examined(subsidies, uscc(403), programme, failed, expect=404)  # who gives the course does not examine
    assert await examined(subsidies, uscc(404), programme, failed, passed, passed) == [
        "recorded",
        "recorded",
        "recorded_already",
    ]
    later = [result(1, -2, passed=True), result(3, 0, passed=True)]
    assert await examined(subsidies, uscc(404), programme, *later) == ["differs", "passed_already"]
    [certificate] = await certificates(subsidies, "w-exam")
    assert (certificate["evaluator"], certificate["grade"], certificate["completed_on"]) == (
        uscc(404),
        "good",
        in_days(-1),
    )
    told = [fact.passed for fact in await subsidies.told(ExaminationRecorded) if fact.worker_id == "w-exam"]
    assert told == [False, True]
    path = f"/v1/training-enrolments/{enrolment}/results"
    seen = await subsidies.http.get(path, headers=provider(subsidies, uscc(404)))
    assert [one["attempt"] for one in seen.json()["items"]] == [1, 2]


async def test_a_day_on_which_the_body_was_not_on_file_is_refused(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(406), "evaluation_body")
    programme, enrolment = await course_of(subsidies, uscc(405), "w-day", evaluator=uscc(406))
    await complete(subsidies, uscc(405), programme, enrolment)
    before = {"enrolment_id": enrolment, "taken_on": in_days(-40), "passed": True}
    await examined(subsidies, uscc(406), programme, before, expect=409)
    tomorrow = before | {"taken_on": in_days(1)}
    assert await examined(subsidies, uscc(406), programme, tomorrow) == ["day_wrong"]
