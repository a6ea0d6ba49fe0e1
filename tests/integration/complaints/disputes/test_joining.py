"""Who joins a dispute of others: with work of their own there, the same claim, and the word of those in it (art. 7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.complaints.disputes.documents import Dispute
from shared.contracts.complaints import DisputeJoiningAnswered, DisputeJoiningAsked
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.ids import new_id
from tests.harness import Harness, bearer
from tests.integration.complaints.disputes.matters import (
    OTHER,
    Matter,
    ask_to_join,
    engaged,
    in_arbitration,
    joined,
    opened,
    today,
)


@pytest.mark.parametrize(
    ("worked", "claim", "enterprise"),
    [
        (None, {}, None),
        ({}, {"kind": "severance"}, None),
        ({}, {}, OTHER),
        ({"started_on": dt.date(2026, 8, 4)}, {}, None),
        ({}, {"kind": "pay", "known_on": "2026-07-31"}, None),
    ],
    ids=["no work there", "another claim", "another enterprise", "work begun later", "known before the work"],
)
async def test_a_number_alone_shows_nothing(
    complaints: Harness, worked: dict[str, Any] | None, claim: dict[str, Any], enterprise: str | None
) -> None:
    matter = await (opened(complaints) if enterprise is None else opened(complaints, enterprises=[enterprise]))
    stranger = f"w-{new_id()}"
    if worked is not None:
        await engaged(complaints, stranger, **worked)
    answer = await ask_to_join(matter, stranger, **claim)
    matter.shown["number"] = "德劳争不存在"
    unknown = await ask_to_join(matter, stranger, **claim)
    assert (answer.status_code, answer.text) == (404, unknown.text)
    assert (await matter.read()).json()["asking"] == []
    assert (await matter.read(bearer("worker", worker_id=stranger))).status_code == 404


async def test_who_asks_sees_nothing_until_somebody_agrees(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints)
    first, second, third = (f"w-{new_id()}" for _ in range(3))
    await engaged(complaints, first, second, third)
    for one in (first, second, third):
        answer = await ask_to_join(matter, one)
        assert (answer.status_code, answer.text) == (204, "")
        assert (await matter.read(bearer("worker", worker_id=one))).status_code == 404
    asking = (await matter.read()).json()["asking"]
    assert [(one["worker_id"], one["kinds"]) for one in asking] == [(one, ["pay"]) for one in (first, second, third)]
    assert (await matter.read(matter.platform)).json()["asking"] == []

    async def answer_of(by: dict[str, str], worker_id: str, agrees: bool) -> int:
        return (await matter.send(by, "joining", {"worker_id": worker_id, "agrees": agrees})).status_code

    assert await answer_of(bearer("worker", worker_id=first), first, True) == 404
    assert await answer_of(matter.platform, first, True) == 403
    assert await answer_of(matter.worker, first, True) == 200
    own = bearer("worker", worker_id=first)
    shown = (await matter.read(own)).json()
    assert (shown["workers"], shown["asking"]) == ([matter.worker_id, first], [])
    assert [one["id"] for one in shown["claims"]] == ["1", "2"]
    assert await answer_of(own, second, True) == 403
    assert await matter.step(matter.worker, "mediate", forum="arbitration") == 200
    assert [one["worker_id"] for one in (await matter.read(offices["hrss"])).json()["asking"]] == [second, third]
    assert await answer_of(offices["hrss"], second, True) == 200
    assert await answer_of(matter.worker, third, False) == 200
    assert (await matter.read(bearer("worker", worker_id=third))).status_code == 404
    assert await answer_of(matter.worker, third, True) == 404
    assert (await ask_to_join(matter, first)).status_code == 409


async def test_who_acts_in_a_dispute_hears_that_somebody_asks(complaints: Harness) -> None:
    """Once for each who asks, without their name or id, and no enterprise."""
    matter = await opened(complaints)
    first, second = (f"w-{new_id()}" for _ in range(2))
    await engaged(complaints, first, second)
    for one in (first, first, second):
        assert (await ask_to_join(matter, one)).status_code == 204
    assert (await ask_to_join(matter, f"w-{new_id()}")).status_code == 404
    told = [one for one in await complaints.told(DisputeJoiningAsked) if one.dispute_id == matter.id]
    assert [(one.worker_id, one.platforms, one.first) for one in told] == [(matter.worker_id, (), False)] * 2
    assert not [one for one in told if first in str(one) or second in str(one)]


async def answers(matter: Matter) -> list[tuple[str, bool, str]]:
    told = [one for one in await matter.complaints.told(DisputeJoiningAnswered) if one.dispute_id == matter.id]
    assert all((one.platforms, one.first) == ((), False) for one in told)
    return [(one.worker_id, one.agreed, one.reason) for one in told]


async def test_who_asks_to_join_a_dispute_hears_the_answer(complaints: Harness) -> None:
    matter = await opened(complaints)
    first, second = (f"w-{new_id()}" for _ in range(2))
    await engaged(complaints, first, second)
    for one, agrees in ((first, True), (second, False)):
        assert (await ask_to_join(matter, one)).status_code == 204
        for status in (200, 404):
            answer = await matter.send(matter.worker, "joining", {"worker_id": one, "agrees": agrees})
            assert answer.status_code == status
    assert await answers(matter) == [(first, True, "answered"), (second, False, "answered")]


@pytest.mark.parametrize("way", ["apply", "withdraw", "settle", "erasure"])
async def test_nobody_waits_to_join_what_takes_nobody_in(complaints: Harness, way: str) -> None:
    """A body decides, it was withdrawn or settled, or it is nobody's any more."""
    matter = await opened(complaints)
    other = f"w-{new_id()}"
    await engaged(complaints, other)
    assert (await ask_to_join(matter, other)).status_code == 204
    if way == "erasure":
        await complaints.publish(WorkerErased(worker_id=matter.worker_id))
        await complaints.settled()
    elif way == "settle":
        assert await matter.step(matter.platform, "settle", due_on=f"{today()}") == 200
    else:
        assert await matter.step(matter.platform, "answer") == 200
        assert await answers(matter) == []
        assert await matter.step(matter.worker, way) == 200
    assert await answers(matter) == [(other, False, "over")]
    stored = await Dispute.of(matter.id)
    assert stored is not None
    assert stored.asking == []
    assert (await ask_to_join(matter, other)).status_code == 404


async def test_nobody_joins_what_is_being_decided(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    other = f"w-{new_id()}"
    await engaged(complaints, other)
    assert (await ask_to_join(matter, other)).status_code == 404
    early = await opened(complaints)
    assert (await ask_to_join(early, other)).status_code == 204
    assert await early.step(early.platform, "answer") == 200
    assert await early.step(early.worker, "apply") == 200
    answer = await early.send(early.worker, "joining", {"worker_id": other, "agrees": True})
    assert answer.status_code == 404
    assert other not in (await early.read()).text


async def test_who_asks_goes_along_with_a_merger_and_an_erasure(complaints: Harness) -> None:
    matter = await opened(complaints)
    kept, merged, gone = (f"w-{new_id()}" for _ in range(3))
    await engaged(complaints, merged, gone)
    for one in (merged, gone):
        assert (await ask_to_join(matter, one)).status_code == 204
    await complaints.publish(WorkerMerged(worker_id=kept, merged_worker_id=merged), WorkerErased(worker_id=gone))
    await complaints.settled()
    assert [one["worker_id"] for one in (await matter.read()).json()["asking"]] == [kept]
    stored = await Dispute.of(matter.id)
    assert stored is not None
    assert not {merged, gone} & {*str(stored.model_dump()).split("'")}
    await joined(matter, f"w-{new_id()}")
    answer = await matter.send(matter.worker, "joining", {"worker_id": kept, "agrees": True})
    assert answer.json()["claims"][-1]["worker_id"] == kept


async def test_who_joins_gains_no_time_by_what_was_before(complaints: Harness) -> None:
    """What interrupted the limitation of those in a dispute did not interrupt that of who joins them (art. 27)."""
    known, raised = today() - dt.timedelta(days=400), today() - dt.timedelta(days=60)
    claims = [{"kind": "dismissal", "known_on": f"{raised}"}]
    matter = await opened(complaints, claims=claims, raised_on=f"{raised}")
    late, timely = (f"w-{new_id()}" for _ in range(2))
    await engaged(complaints, late, timely, started_on=known - dt.timedelta(days=100))
    for one, day in ((late, known), (timely, today() - dt.timedelta(days=90))):
        assert (await ask_to_join(matter, one, kind="dismissal", known_on=f"{day}")).status_code == 204
        answer = await matter.send(matter.worker, "joining", {"worker_id": one, "agrees": True})
        assert answer.status_code == 200, answer.text
    first, second, third = (dt.date.fromisoformat(one["limitation_on"]) for one in matter.shown["claims"])
    assert first >= raised + dt.timedelta(days=365)
    assert second < today()
    assert third >= today() + dt.timedelta(days=365)
