"""Enrolling in programmes: places, the waiting list, lists of platforms and unions, and two records of one person."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import msgspec

from shared.contracts.base import Fact
from shared.contracts.registry import MembershipEnded, MembershipRecorded, UnionRecorded, WorkerMerged
from shared.contracts.subsidies import EnrolmentEnded, EnrolmentMade, EnrolmentMovedUp
from shared.policy.calendar import shanghai_date
from shared.storage.client import storage
from tests.harness import Harness, bearer, eventually
from tests.integration.subsidies.bodies import (
    PROGRAMMES,
    begun,
    enrol,
    in_days,
    on_file,
    provider,
    published,
    step,
    uscc,
)
from tests.integration.subsidies.facts import PLATFORM, engagement, tell, worker


async def places(subsidies: Harness, programme: str) -> dict[str, int]:
    who = bearer("worker", worker_id="w-any")
    found = await subsidies.http.get(f"/v1/training-programmes/{programme}/places", headers=who)
    assert found.status_code == 200, found.text
    return dict(found.json())


async def mine(subsidies: Harness, worker_id: str) -> list[Any]:
    found = await subsidies.http.get("/v1/training-enrolments", headers=bearer("worker", worker_id=worker_id))
    return list(found.json()["items"])


async def withdraw(subsidies: Harness, enrolment: Any, worker_id: str, *, seen: int = 1, expect: int = 200) -> Any:
    path = f"/v1/training-enrolments/{enrolment['enrolment_id']}/withdrawal"
    return await step(subsidies, bearer("worker", worker_id=worker_id), path, seen=seen, expect=expect)


async def listed(subsidies: Harness, who: dict[str, str], programme: str, *rows: dict[str, str]) -> list[str]:
    body = {"workers": list(rows), "agreed": True}
    path = f"/v1/training-programmes/{programme}/enrolment-lists"
    answer = await subsidies.http.post(path, json=body, headers=who)
    assert answer.status_code == 200, answer.text
    return [row["answer"] for row in answer.json()["rows"]]


async def test_many_who_come_at_once_get_no_more_than_the_places(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(201))
    programme = await published(subsidies, uscc(201), capacity=5)
    made = await asyncio.gather(*(enrol(subsidies, programme, f"w-many{number}") for number in range(20)))
    assert sorted(one["state"] for one in made) == ["enrolled"] * 5 + ["waiting"] * 15
    assert await places(subsidies, programme) == {"capacity": 5, "taken": 5, "waiting": 15}


async def test_who_waits_longest_moves_up(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(202))
    programme = await published(subsidies, uscc(202), capacity=1)
    first, second, third = [await enrol(subsidies, programme, f"w-line{number}") for number in range(3)]
    await withdraw(subsidies, second, "w-line1")
    await withdraw(subsidies, first, "w-line0")
    assert [one["state"] for one in await mine(subsidies, "w-line2")] == ["enrolled"]
    assert await places(subsidies, programme) == {"capacity": 1, "taken": 1, "waiting": 0}
    told = [fact.enrolment_id for fact in await subsidies.told(EnrolmentMovedUp) if fact.programme_id == programme]
    assert told == [third["enrolment_id"]]
    again = await enrol(subsidies, programme, "w-line0")
    assert (again["state"], again["enrolment_id"] != first["enrolment_id"]) == ("waiting", True)


async def test_a_person_enrols_once(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(203))
    programme = await published(subsidies, uscc(203))
    path, who = f"/v1/training-programmes/{programme}/enrolments", "w-once"
    asked = [subsidies.http.post(path, headers=subsidies.headers("worker", worker_id=who)) for _ in range(4)]
    statuses = sorted([(await one).status_code for one in asked])
    assert statuses == [201, 409, 409, 409]
    assert len(await mine(subsidies, who)) == 1
    made = await mine(subsidies, who)
    foreign = await subsidies.http.get(
        f"/v1/training-enrolments/{made[0]['enrolment_id']}", headers=bearer("worker", worker_id="w-else")
    )
    assert foreign.status_code == 404


async def test_enrolment_ends_and_needs_a_body_on_file(subsidies: Harness) -> None:
    filing = await on_file(subsidies, uscc(204))
    programme = await published(subsidies, uscc(204))
    await step(
        subsidies, subsidies.officer, f"/v1/training-provider-filings/{filing}/suspension", {"reason": "核查"}, seen=2
    )
    await enrol(subsidies, programme, "w-late", expect=409)
    await step(subsidies, subsidies.officer, f"/v1/training-provider-filings/{filing}/resumption", seen=3)
    until = {"$set": {"enrol_until": in_days(-1)}}
    await storage().collection("programmes").update_one({"_id": programme}, until)
    await enrol(subsidies, programme, "w-late", expect=409)


def joined(union_id: str, officer: str, worker_id: str) -> list[Fact]:
    """A union for which a token's subject acts, and a worker who is its member."""
    union = UnionRecorded(union_id=union_id, name=union_id, district="510600", officers=(officer,))
    since = dt.date(2026, 1, 1)
    member = MembershipRecorded(
        membership_id=f"{union_id}:{worker_id}", worker_id=worker_id, union_id=union_id, since=since, by="worker"
    )
    return [union, member]


def today() -> dt.date:
    return shanghai_date(dt.datetime.now(dt.UTC))


async def test_a_platform_and_a_union_enrol_by_list(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(205))
    programme, body = await published(subsidies, uscc(205), capacity=2), provider(subsidies, uscc(205))
    await tell(subsidies, engagement("w-list1", "LIST1"), engagement("w-list2", "LIST2"), worker("w-list3"))
    await tell(subsidies, worker("w-list4"), worker("w-list5"))
    await tell(subsidies, *joined("u-list", "union:list", "w-list3"), *joined("u-other", "union:other", "w-list4"))
    gone = MembershipEnded(
        membership_id="u-list:w-list5", worker_id="w-list5", union_id="u-list", until=today() - dt.timedelta(1)
    )
    await tell(subsidies, *joined("u-list", "union:list", "w-list5"), gone)
    await subsidies.settled()
    platform = subsidies.headers("platform", uscc=PLATFORM)
    rows = [{"worker_ref": "LIST1"}, {"worker_ref": "LIST2"}, {"worker_ref": "LIST1"}, {"worker_ref": "NOBODY"}]
    answers = await listed(subsidies, platform, programme, *rows, {"worker_id": "w-list3"})
    assert answers == ["enrolled", "enrolled", "enrolled_already", "unknown", "unknown"]
    union = subsidies.headers("union", sub="union:list")
    # of another union, not any more, and nobody: a union enrols its members alone (工会法 art. 3)
    others = [{"worker_id": f"w-{who}"} for who in ("list4", "list5", "nobody")]
    answers = await listed(subsidies, union, programme, {"worker_id": "w-list3"}, *others)
    assert answers == ["waiting", "unknown", "unknown", "unknown"]
    refused = await subsidies.http.post(
        f"/v1/training-programmes/{programme}/enrolment-lists",
        json={"workers": [{"worker_id": "w-list3"}], "agreed": False},
        headers=subsidies.headers("union", sub="union:list"),
    )
    assert refused.status_code == 403
    seen = (await subsidies.http.get("/v1/training-enrolments", headers=platform)).json()["items"]
    assert {one["worker_id"] for one in seen} == {"w-list1", "w-list2"}
    own = await subsidies.http.get(f"/v1/training-enrolments?programme_id={programme}", headers=body)
    assert [one["name"] for one in own.json()["items"] if one["worker_id"] == "w-list3"] == ["试**"]
    await withdraw(subsidies, (await mine(subsidies, "w-list1"))[0], "w-list1")
    assert [one["state"] for one in await mine(subsidies, "w-list3")] == ["enrolled"]


async def test_a_union_acts_for_one_of_two_records_until_they_leave(subsidies: Harness) -> None:
    """The registry tells the end of a membership under the id of the record that stays."""
    await on_file(subsidies, uscc(209))
    programmes = [await published(subsidies, uscc(209)) for _ in range(2)]
    union = subsidies.headers("union", sub="union:merge")
    earlier = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    await tell(subsidies, worker("w-goes"), worker("w-stays"), worker("w-goes2"), worker("w-stays2"))
    await tell(subsidies, *joined("u-merge", "union:merge", "w-goes"), time=earlier)
    await tell(subsidies, WorkerMerged(worker_id="w-stays", merged_worker_id="w-goes"))
    await subsidies.settled()
    assert await listed(subsidies, union, programmes[0], {"worker_id": "w-stays"}) == ["enrolled"]
    yesterday = today() - dt.timedelta(1)
    left = MembershipEnded(membership_id="u-merge:w-stays", worker_id="w-stays", union_id="u-merge", until=yesterday)
    await tell(subsidies, left)
    # of another person all comes in the wrong order
    swapped = msgspec.structs.replace(left, membership_id="u-merge:w-stays2", worker_id="w-stays2")
    await tell(subsidies, swapped)
    await tell(subsidies, WorkerMerged(worker_id="w-stays2", merged_worker_id="w-goes2"), time=earlier)
    await subsidies.settled()
    await tell(subsidies, *joined("u-merge", "union:merge", "w-goes2"), time=earlier - dt.timedelta(hours=1))
    await subsidies.settled()
    rows = [{"worker_id": "w-stays"}, {"worker_id": "w-stays2"}]
    assert await listed(subsidies, union, programmes[1], *rows) == ["unknown", "unknown"]


async def test_a_cancelled_programme_ends_its_enrolments(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(206))
    programme = await published(subsidies, uscc(206), capacity=1)
    made = [await enrol(subsidies, programme, f"w-gone{number}") for number in range(3)]
    path = f"{PROGRAMMES}/{programme}/cancellation"
    await step(subsidies, provider(subsidies, uscc(206)), path, {"reason": "师资变动"}, seen=2)

    async def all_ended() -> bool:
        told = [fact for fact in await subsidies.told(EnrolmentEnded) if fact.programme_id == programme]
        return {fact.enrolment_id for fact in told if fact.ending == "cancelled"} == {
            one["enrolment_id"] for one in made
        }

    await eventually(all_ended)
    await enrol(subsidies, programme, "w-gone9", expect=409)


async def test_who_waits_when_the_course_begins_waits_no_more(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(207))
    programme = await published(subsidies, uscc(207), capacity=1)
    await enrol(subsidies, programme, "w-begin0")
    await enrol(subsidies, programme, "w-begin1")
    await begun(programme)
    timer = f"subsidies.programme_begins:{programme}"
    past = {"$set": {"due_at": (await storage().collection("programmes").find_one({"_id": programme}))["created_at"]}}  # type: ignore[index]
    await storage().collection("timers").update_one({"_id": timer}, past)

    async def lapsed() -> bool:
        return [one["state"] for one in await mine(subsidies, "w-begin1")] == ["lapsed"]

    await eventually(lapsed)
    assert [one["state"] for one in await mine(subsidies, "w-begin0")] == ["enrolled"]
    assert (await places(subsidies, programme))["waiting"] == 0
    await tell(subsidies, WorkerMerged(worker_id="w-begin1", merged_worker_id="w-begin0"))
    await subsidies.settled()
    assert sorted(one["state"] for one in await mine(subsidies, "w-begin1")) == ["enrolled", "lapsed"]


async def test_two_records_of_one_person_keep_one_enrolment(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(208))
    programme = await published(subsidies, uscc(208), capacity=2)
    await enrol(subsidies, programme, "w-one")
    await enrol(subsidies, programme, "w-same")
    await enrol(subsidies, programme, "w-third")
    await tell(subsidies, WorkerMerged(worker_id="w-same", merged_worker_id="w-one"))
    await subsidies.settled()
    assert sorted(one["state"] for one in await mine(subsidies, "w-same")) == ["enrolled", "joined"]
    assert await places(subsidies, programme) == {"capacity": 2, "taken": 2, "waiting": 0}
    assert [one["state"] for one in await mine(subsidies, "w-third")] == ["enrolled"]
    await enrol(subsidies, programme, "w-one", expect=409)  # by a token of the record that is no more
    made = [fact for fact in await subsidies.told(EnrolmentMade) if fact.programme_id == programme]
    assert [fact.waiting for fact in made] == [False, False, True]
