"""Who asks to join a case of others hears whether they are in it, and nobody waits for an answer that comes no more."""

from __future__ import annotations

from typing import Any

import pytest

from services.complaints.cases.documents import Case
from shared.contracts.complaints import CaseJoiningAnswered, ReporterTold
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.ids import new_id
from tests.harness import Harness, bearer
from tests.integration.complaints.cases.test_ways_of_a_case import ask_to_join
from tests.integration.complaints.course import Course, course


def person() -> str:
    return f"w-{new_id()}"


async def asked_by(complaints: Harness, *workers: str) -> Course:
    """A case that some ask to join."""
    case = await course(complaints, person())
    number = (await case.read(case.worker))["number"]
    for worker in workers:
        assert await ask_to_join(complaints, number, worker) == 204
    return case


async def answers(case: Course) -> list[tuple[str | None, bool, str]]:
    told = await case.complaints.told(CaseJoiningAnswered)
    return [(one.worker_id, one.agreed, one.reason) for one in told if one.case_id == case.case_id]


async def test_who_asks_to_join_hears_yes_or_no(complaints: Harness) -> None:
    first, second = person(), person()
    case = await asked_by(complaints, first, second)
    await case.do("joining", case.worker, {"worker_id": first, "agrees": True})
    await case.do("joining", case.worker, {"worker_id": first, "agrees": True}, expect=404)
    await case.do("joining", case.worker, {"worker_id": second, "agrees": False})
    await case.do("joining", case.worker, {"worker_id": second, "agrees": False}, expect=404)
    assert await answers(case) == [(first, True, "answered"), (second, False, "answered")]


async def test_who_an_officer_adds_hears_that_they_are_in(complaints: Harness) -> None:
    asked, unasked = person(), person()
    case = await asked_by(complaints, asked)
    for worker in (asked, unasked, unasked):
        await case.do("members", case.handler, {"worker_id": worker})
    assert await answers(case) == [(asked, True, "answered"), (unasked, True, "added")]


async def test_one_of_several_ends_a_case_with_the_others(complaints: Harness) -> None:
    other = person()
    case = await asked_by(complaints, other)
    await case.do("joining", case.worker, {"worker_id": other, "agrees": True})
    refused = await case.do("withdrawal", case.worker, {"reason": "已经解决"}, expect=409)
    assert refused["type"] == "/problems/others-complain"
    assert (await case.read(case.worker))["state"] == "opened"
    ended = await case.do("withdrawal", case.worker, {"reason": "均已解决", "others_agree": True})
    assert ended["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("withdrawal", {"reason": "已经解决"}),
        ("refusal", {"ground": "not_inspection", "reason_zh": "不属于劳动监察。"}),
        ("transfer", {"body_zh": "德阳市交通运输局", "reason_zh": "由其主管。"}),
    ],
)
async def test_nobody_waits_to_join_a_case_that_is_over(complaints: Harness, step: str, body: Any) -> None:
    asked, merged, stands, gone = (person() for _ in range(4))
    case = await asked_by(complaints, asked, merged, gone)
    await complaints.publish(WorkerMerged(worker_id=stands, merged_worker_id=merged), WorkerErased(worker_id=gone))
    await complaints.settled()
    await case.do(step, case.worker if step == "withdrawal" else case.handler, body)
    assert await answers(case) == [(asked, False, "over"), (stands, False, "over")]
    stored = await Case.of(case.case_id)
    assert stored is not None
    assert stored.asking == []


async def test_who_was_turned_away_asks_again_once_it_is_open(complaints: Harness) -> None:
    asked = person()
    case = await asked_by(complaints, asked)
    number = (await case.read(case.worker))["number"]
    await case.do("withdrawal", case.worker, {"reason": "已经解决"})
    assert await ask_to_join(complaints, number, asked) == 404
    await case.do("reopening", case.worker, {"reason": "又拖欠了"})
    assert (await case.read(case.worker))["asking"] == []
    assert await ask_to_join(complaints, number, asked) == 204
    await case.do("joining", case.worker, {"worker_id": asked, "agrees": True})
    assert (await case.read(bearer("worker", worker_id=asked)))["people"] == 2
    assert await answers(case) == [(asked, False, "over"), (asked, True, "answered")]


async def test_an_event_on_a_confidential_case_names_no_member(complaints: Harness) -> None:
    """劳动保障监察条例 art. 9: whom an officer adds hears of it by an event that names no case."""
    added = person()
    case = await course(complaints, person(), confidential=True)
    await case.do("members", case.handler, {"worker_id": added})
    assert await answers(case) == []
    told = [one for one in await complaints.told(ReporterTold) if one.worker_id == added]
    assert [one.news for one in told] == ["joined"]
    assert case.case_id not in str(told)


async def test_nobody_joins_a_case_that_became_confidential(complaints: Harness) -> None:
    asked, late = person(), person()
    case = await asked_by(complaints, asked)
    number = (await case.read(case.worker))["number"]
    await case.do("confidence", case.worker)
    await case.do("confidence", case.worker, expect=409)
    assert await answers(case) == [(asked, False, "over")]
    assert await ask_to_join(complaints, number, late) == 404
    await case.do("members", case.handler, {"worker_id": late})
    assert await answers(case) == [(asked, False, "over")]


@pytest.mark.parametrize("confidential", [False, True])
async def test_whoever_joined_hears_what_becomes_of_a_case(complaints: Harness, confidential: bool) -> None:
    """The events on it name who complains, or nobody: the others hear by events of their own."""
    member, other = person(), person()
    case = await course(complaints, person(), confidential=confidential)
    for one in (member, other):
        await case.do("members", case.handler, {"worker_id": one})
    await case.decided()
    await case.do("closing", case.handler)
    joined = ["joined"] if confidential else []
    for one in (member, other):
        told = [(fact.news, fact.joint) for fact in await complaints.told(ReporterTold) if fact.worker_id == one]
        expected = [*joined, "accepted", "decided", "closed"]
        assert told == [(news, not confidential) for news in expected]
