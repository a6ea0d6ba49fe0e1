"""What a union files: at once for its member by their own word, for anybody else once they have confirmed it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import msgspec
import pytest
import time_machine

from services.complaints.cases.documents import Case
from services.complaints.members.documents import Member
from services.complaints.union_filings.documents import UnionFiling
from shared import clock
from shared.contracts.base import Fact
from shared.contracts.complaints import CaseOpened, UnionFilingProposed
from shared.contracts.registry import (
    MembershipEnded,
    MembershipRecorded,
    UnionRecorded,
    WorkerErased,
    WorkerMerged,
)
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from tests.harness import Harness, bearer
from tests.integration.complaints.course import HERE, complaint
from tests.integration.complaints.facts import PLATFORM

ONE = dt.timedelta(days=1)


class Members:
    """A union of its own, with what the registry tells of it."""

    def __init__(self, complaints: Harness) -> None:
        self.complaints = complaints
        self.id = f"u-{new_id()}"
        self.subject = f"union:{self.id}"
        self.headers = bearer("union", sub=self.subject)
        self.today = shanghai_date(clock.now())

    def on_file(self) -> UnionRecorded:
        return UnionRecorded(union_id=self.id, name="德阳市骑手工会", district=HERE, officers=(self.subject,))

    def joined(self, worker_id: str) -> MembershipRecorded:
        return MembershipRecorded(
            membership_id=f"{self.id}:{worker_id}", worker_id=worker_id, union_id=self.id, since=self.today - 30 * ONE
        )

    def left(self, worker_id: str, until: dt.date | None = None) -> MembershipEnded:
        return MembershipEnded(
            membership_id=f"{self.id}:{worker_id}",
            worker_id=worker_id,
            union_id=self.id,
            until=until or self.today - ONE,
        )

    async def tell(self, *facts: Fact, ago: int = 0) -> None:
        """Have facts told so many hours ago, twice."""
        time = clock.now() - dt.timedelta(hours=ago)
        await self.complaints.publish(*facts, time=time)
        await self.complaints.publish(*facts, time=time)
        await self.complaints.settled()

    async def file(self, worker_id: str, **changes: Any) -> httpx2.Response:
        body = complaint(**{"worker_id": worker_id, "agreed": True} | changes)
        headers = self.headers | {"Idempotency-Key": new_id()}
        return await self.complaints.http.post("/v1/cases/for-workers", json=body, headers=headers)

    async def answered(self, worker_id: str, filing_id: str, answer: str, json: Any = None) -> httpx2.Response:
        headers = bearer("worker", worker_id=worker_id) | {"Idempotency-Key": new_id()}
        path = f"/v1/union-filings/{filing_id}/{answer}"
        return await self.complaints.http.post(path, json=json, headers=headers)


def person() -> str:
    return f"w-{new_id()}"


async def waiting(complaints: Harness, worker_id: str) -> list[str]:
    answer = await complaints.http.get("/v1/union-filings", headers=bearer("worker", worker_id=worker_id))
    return [one["filing_id"] for one in answer.json()["items"]]


async def cases_of(worker_id: str) -> list[str]:
    return [case.id async for case in Case.find({"worker_id": worker_id})]


async def test_a_union_files_at_once_for_its_member_alone(complaints: Harness) -> None:
    union, other, member, stranger = Members(complaints), Members(complaints), person(), person()
    await union.tell(union.on_file(), other.on_file(), union.joined(member))
    assert (await union.file(member, agreed=False)).status_code == 403
    filed = await union.file(member)
    assert (filed.status_code, filed.json()["channel"]) == (201, "union")
    case_id = filed.json()["case_id"]
    path = f"/v1/cases/{case_id}"
    told = {fact.filing_union for fact in await complaints.told(CaseOpened) if fact.case_id == case_id}
    assert told == {union.subject}
    for reader in (union.headers, bearer("worker", worker_id=member)):
        assert (await complaints.http.get(path, headers=reader)).status_code == 200
    assert (await complaints.http.get(path, headers=other.headers)).status_code == 404
    for asking, worker_id in ((union, stranger), (other, member)):
        assert (await asking.file(worker_id)).status_code == 202
    assert await cases_of(stranger) == []
    assert await cases_of(member) == [case_id]


async def test_a_worker_confirms_what_a_union_would_file(complaints: Harness) -> None:
    """Nothing but that something waits is told of it, and nobody else reads it, nor answers."""
    union, worker_id = Members(complaints), person()
    await union.tell(union.on_file())
    proposed = await union.file(worker_id)
    filing_id = proposed.json()["filing_id"]
    assert proposed.headers["location"] == f"/v1/union-filings/{filing_id}"
    days = parameters.on(union.today).days("complaint.confirm_days")
    confirm_by = dt.date.fromisoformat(proposed.json()["confirm_by"])
    assert union.today + days * ONE <= confirm_by < union.today + (days + 10) * ONE
    told = [fact for fact in await complaints.told(UnionFilingProposed) if fact.filing_id == filing_id]
    assert told == [UnionFilingProposed(filing_id=filing_id, worker_id=worker_id, confirm_by=confirm_by)]
    stored = await UnionFiling.of(filing_id)
    assert stored is not None
    assert proposed.json()["text"] not in stored.model_dump_json()
    path = f"/v1/union-filings/{filing_id}"
    shown = (await complaints.http.get(path, headers=bearer("worker", worker_id=worker_id))).json()
    assert (shown["unions"], shown["text"]) == (["德阳市骑手工会"], proposed.json()["text"])
    strangers = (bearer("worker", worker_id=person()), Members(complaints).headers)
    for who in strangers:
        assert (await complaints.http.get(path, headers=who)).status_code == 404
        listed = await complaints.http.get("/v1/union-filings", headers=who)
        assert filing_id not in listed.text
    for answer in ("confirmation", "refusal"):
        assert (await union.answered(person(), filing_id, answer, {})).status_code == 404
    assert (await union.answered(worker_id, filing_id, "withdrawal")).status_code == 403
    confirmed = await union.answered(worker_id, filing_id, "confirmation", {"confidential": True})
    assert (confirmed.status_code, confirmed.json()["confidential"]) == (201, True)
    again = await union.answered(worker_id, filing_id, "confirmation", {})
    assert again.status_code == 404
    assert await cases_of(worker_id) == [confirmed.json()["case_id"]]
    read = await complaints.http.get(f"/v1/cases/{confirmed.json()['case_id']}", headers=union.headers)
    assert (read.status_code, read.json()["channel"]) == (200, "union")
    assert await waiting(complaints, worker_id) == []


@pytest.mark.parametrize("ending", ["refused", "withdrawn", "lapsed", "erased"])
async def test_without_the_workers_word_nothing_is_filed(complaints: Harness, ending: str) -> None:
    union, worker_id = Members(complaints), person()
    filing_id = (await union.file(worker_id)).json()["filing_id"]
    if ending == "refused":
        assert (await union.answered(worker_id, filing_id, "refusal")).status_code == 204
    elif ending == "withdrawn":
        path = f"/v1/union-filings/{filing_id}/withdrawal"
        assert (await complaints.http.post(path, headers=union.headers)).status_code == 204
    elif ending == "erased":
        await union.tell(WorkerErased(worker_id=worker_id))
    else:
        stored = await UnionFiling.of(filing_id)
        assert stored is not None
        over = dt.datetime.combine(stored.confirm_by + ONE, dt.time(1), dt.UTC)
        with time_machine.travel(over):
            late = await union.answered(worker_id, filing_id, "confirmation", {})
            assert late.status_code in (401, 404)  # a token of before has run out too
            await complaints.settled()
    assert await UnionFiling.of(filing_id) is None
    assert (await union.answered(worker_id, filing_id, "confirmation", {})).status_code == 404
    assert await cases_of(worker_id) == []


async def test_a_union_does_not_file_for_who_has_left(complaints: Harness) -> None:
    union = Members(complaints)
    gone, early, back, last = (person() for _ in range(4))
    await union.tell(union.on_file())
    await union.tell(union.joined(gone), union.joined(back), union.joined(last), ago=5)
    await union.tell(union.left(gone), union.left(early), union.left(back), union.left(last, union.today), ago=3)
    await union.tell(union.joined(early), ago=4)  # told after the end of it
    await union.tell(msgspec.structs.replace(union.joined(back), since=union.today), ago=2)
    await union.tell(union.left(back), ago=3)
    filed = {worker_id: (await union.file(worker_id)).status_code for worker_id in (gone, early, back, last)}
    assert filed == {gone: 202, early: 202, back: 201, last: 201}


async def test_a_union_files_for_nobody_who_is_erased(complaints: Harness) -> None:
    union, worker_id = Members(complaints), person()
    await union.tell(union.on_file(), union.joined(worker_id))
    await union.tell(WorkerErased(worker_id=worker_id))
    assert (await union.file(worker_id)).status_code == 202
    assert await Member.find({"worker_id": worker_id}).count() == 0


async def test_who_acts_for_the_union_no_more_files_nothing(complaints: Harness) -> None:
    union, worker_id = Members(complaints), person()
    nobody = msgspec.structs.replace(union.on_file(), officers=())
    await union.tell(nobody)
    await union.tell(union.on_file(), union.joined(worker_id), ago=1)
    assert (await union.file(worker_id)).status_code == 202


@pytest.mark.parametrize("late", [False, True])
async def test_a_union_files_for_a_member_whose_records_merged(complaints: Harness, late: bool) -> None:
    """Under each of their ids, whether the membership is told before the merger or after it; until they leave."""
    union, kept, merged = Members(complaints), person(), person()
    merger = WorkerMerged(worker_id=kept, merged_worker_id=merged)
    filing_id = (await union.file(merged)).json()["filing_id"]
    steps = [(merger, 3), (union.joined(merged), 4)] if late else [(union.joined(merged), 4), (merger, 3)]
    await union.tell(union.on_file())
    for fact, ago in steps:
        await union.tell(fact, ago=ago)
    for worker_id in (kept, merged):
        filed = await union.file(worker_id)
        assert filed.status_code == 201, filed.text
    assert len(await cases_of(kept)) == 2
    assert await waiting(complaints, kept) == await waiting(complaints, merged) == [filing_id]
    assert (await union.answered(merged, filing_id, "confirmation", {})).status_code == 201
    assert (len(await cases_of(kept)), await cases_of(merged)) == (3, [])
    await union.tell(union.left(kept), ago=1)
    assert [(await union.file(worker_id)).status_code for worker_id in (kept, merged)] == [202, 202]


async def test_records_merged_one_after_another_in_any_order(complaints: Harness) -> None:
    union, last, middle, first = Members(complaints), person(), person(), person()
    await union.tell(union.on_file(), union.joined(first))
    own = await complaints.http.post(
        "/v1/cases", json=complaint(), headers=complaints.headers("worker", worker_id=first)
    )
    await union.tell(WorkerMerged(worker_id=last, merged_worker_id=middle))
    await union.tell(WorkerMerged(worker_id=middle, merged_worker_id=first))
    assert await cases_of(last) == [own.json()["case_id"]]
    assert (await union.file(last)).status_code == 201


async def test_what_an_old_token_files_is_the_person_s(complaints: Harness) -> None:
    """A token that names a record which was merged: what it files, and what it joins, is the record's that stands today."""
    kept, merged = person(), person()
    other = complaints.headers("worker", worker_id=person())
    first = (await complaints.http.post("/v1/cases", json=complaint(), headers=other)).json()
    await Members(complaints).tell(WorkerMerged(worker_id=kept, merged_worker_id=merged))

    async def sent(path: str, body: Any) -> int:
        headers = complaints.headers("worker", worker_id=merged)
        return (await complaints.http.post(f"/v1/{path}", json=body, headers=headers)).status_code

    joining = {"number": first["number"], "platform": first["platform"], "category": first["category"]}
    aid = {"body": "centre", "subject": "pay", "form": "advice", "text": "拖欠报酬", "district": HERE}
    claim = {"kind": "pay", "known_on": "2026-09-01", "amount": "100"}
    dispute: dict[str, Any] = {
        "enterprises": [PLATFORM],
        "relation": "employment",
        "category": "late_pay",
        "district": HERE,
        "text": "欠薪",
    }
    dispute["claims"] = [claim]
    answers = [
        await sent("cases", complaint()),
        await sent("cases/joining", joining),
        await sent("legal-aid", aid),
        await sent("disputes", dispute),
    ]
    assert answers == [201, 204, 201, 201]
    assert (len(await cases_of(kept)), await cases_of(merged)) == (1, [])
    asked = await Case.of(first["case_id"])
    assert asked is not None
    assert asked.asking == [kept]
    own = bearer("worker", worker_id=kept)
    for path in ("cases", "legal-aid", "disputes"):
        assert len((await complaints.http.get(f"/v1/{path}", headers=own)).json()["items"]) == 1


async def test_a_union_does_not_flood_a_worker(complaints: Harness) -> None:
    union, worker_id = Members(complaints), person()
    answers = [(await union.file(worker_id)).status_code for _ in range(6)]
    assert answers == [202] * 5 + [409]
    assert (await union.file(person())).status_code == 202
