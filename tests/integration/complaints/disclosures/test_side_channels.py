"""What an enterprise, or somebody of it, could find out beside the views: by trying, by comparing, by asking others
(劳动保障监察条例 art. 9)."""

from __future__ import annotations

from typing import Any

import pytest

from shared import clock
from shared.contracts.complaints import InquiryEnded
from shared.contracts.registry import EngagementActivated, MembershipRecorded, UnionRecorded
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from tests.harness import Harness, bearer
from tests.integration.complaints.course import HERE, Course, complaint, course
from tests.integration.complaints.disputes.matters import opened
from tests.integration.complaints.facts import PLATFORM, engagement
from tests.integration.complaints.staff import on_register

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
QUESTION = {"question_zh": "请说明近三个月的报酬支付情况。"}


async def tried(case: Course, inquiry_id: str) -> list[tuple[str, int]]:
    """What an enterprise gets that tries whether an inquiry still runs."""
    path, done = f"/v1/platform-cases/{inquiry_id}", []
    requests: dict[str, dict[str, Any]] = {
        "answers": {"json": {"text": "已支付。"}},
        "evidence": {"files": {"file": ("a.png", PNG, "image/png")}, "data": {"about": "支付凭证"}},
        "recusal-requests": {"json": {"reason": "与投诉人是近亲属。"}},
    }
    for what, body in requests.items():
        headers = {**case.platform, "Idempotency-Key": new_id()}
        answer = await case.complaints.http.post(f"{path}/{what}", headers=headers, **body)
        done.append((what, answer.status_code))
    return done


@pytest.mark.parametrize("confidential", [True, False])
async def test_no_refusal_tells_when_a_reporter_went_elsewhere(complaints: Harness, confidential: bool) -> None:
    """Who complains in confidence and goes to arbitration ends the investigation at that moment: it would tell who they are."""
    worker_id = f"w-{new_id()}"
    case = await course(complaints, worker_id, confidential=confidential)
    await case.do("acceptance", case.handler)
    inquiry_id = (await case.do("inquiry", case.handler, QUESTION))["inquiry_id"]
    before = (await complaints.http.get(f"/v1/platform-cases/{inquiry_id}", headers=case.platform)).json()
    matter = await opened(complaints, worker_id)
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "apply") == 200
    assert (await case.read(case.worker))["ending"] == "to_dispute"
    assert (inquiry_id in {one.inquiry_id for one in await complaints.told(InquiryEnded)}) is not confidential
    expected = 201 if confidential else 409
    assert await tried(case, inquiry_id) == [(what, expected) for what in ("answers", "evidence", "recusal-requests")]
    after = (await complaints.http.get(f"/v1/platform-cases/{inquiry_id}", headers=case.platform)).json()
    assert after["answers"] if confidential else after == before


async def test_the_card_of_who_was_in_charge_is_known_still(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    case = await course(complaints, worker_id, confidential=True)
    await case.do("acceptance", case.handler)
    inquiry_id = (await case.do("inquiry", case.handler, QUESTION))["inquiry_id"]
    matter = await opened(complaints, worker_id)
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "apply") == 200
    path = f"/v1/platform-cases/{inquiry_id}/recusal-requests"
    codes = []
    for card in ("510600-0001", "510600-9999"):
        headers = {**case.platform, "Idempotency-Key": new_id()}
        body = {"reason": "有利害关系。", "certificate": card}
        codes.append((await complaints.http.post(path, json=body, headers=headers)).status_code)
    assert codes == [201, 404]


async def test_a_reporters_file_is_not_shown_as_the_officers(complaints: Harness) -> None:
    """The same bytes, handed in again by the officer, are what the reporter handed in."""
    case = await course(complaints, f"w-{new_id()}", confidential=True)

    async def hand_in(who: dict[str, str], content: bytes) -> str:
        answer = await complaints.http.post(
            f"/v1/cases/{case.case_id}/evidence",
            files={"file": ("a.png", content, "image/png")},
            data={"about": "工资截图"},
            headers={**who, "Idempotency-Key": new_id()},
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["evidence_id"])

    await hand_in(case.worker, PNG)
    again, own = await hand_in(case.handler, PNG), await hand_in(case.handler, PNG + b"other")
    await case.do(f"evidence/{again}/showing", case.handler, {"party": "enterprise"}, expect=409)
    await case.do(f"evidence/{own}/showing", case.handler, {"party": "enterprise"})


async def test_no_question_names_a_reporter_as_the_enterprise_does(complaints: Harness) -> None:
    """By the enterprise's own reference, or by the union that filed it."""
    worker_id, union, ref = f"w-{new_id()}", f"u-{new_id()}", f"QS-{new_id()[-6:]}"
    who = f"union:{union}"
    await complaints.publish(
        engagement(EngagementActivated, worker_id, ref, was_blocked=False),
        UnionRecorded(union_id=union, name="德阳市外卖骑手工会", district=HERE, officers=(who,)),
        MembershipRecorded(
            membership_id=f"{union}:{worker_id}",
            worker_id=worker_id,
            union_id=union,
            since=shanghai_date(clock.now()),
        ),
    )
    await complaints.settled()
    case = await course(complaints)
    filed = await complaints.http.post(
        "/v1/cases/for-workers",
        json=complaint(worker_id=worker_id, agreed=True, confidential=True),
        headers=bearer("union", sub=who) | {"Idempotency-Key": new_id()},
    )
    assert filed.status_code == 201, filed.text
    case.case_id = filed.json()["case_id"]
    await case.do("acceptance", case.handler)
    for text in (f"请说明骑手{ref.lower()}的报酬。", "德阳市外卖骑手工会反映贵单位拖欠报酬。"):
        refused = await case.do("inquiry", case.handler, {"question_zh": text}, expect=409)
        assert refused["type"] == "/problems/would-tell-reporter"
    await case.do("inquiry", case.handler, QUESTION)


async def test_a_sensitive_case_shows_in_no_count_and_no_link(complaints: Harness) -> None:
    case = await course(complaints, f"w-{new_id()}", category="discrimination")
    path = f"/v1/cases/likely-duplicates?platform={PLATFORM}&category=discrimination"
    asked = await complaints.http.get(path, headers=bearer("worker", worker_id=f"w-{new_id()}"))
    assert (asked.json()["own"], asked.json()["others"]) == ([], "0")
    plain = await course(complaints, f"w-{new_id()}", category="other")
    handler = (await plain.read(plain.handler))["handler"]
    inside = await on_register("hrss", HERE, subject="h-circle", circles=["discrimination"])
    seen = (await complaints.http.get(f"/v1/cases/{plain.case_id}", headers=inside)).headers["etag"]
    outside = bearer("officer", department="hrss", district=HERE, sub=handler)
    give = {**outside, "If-Match": seen}
    given = await complaints.http.post(
        f"/v1/cases/{plain.case_id}/assignment", json={"officer": "h-circle"}, headers=give
    )
    assert given.status_code == 200, given.text
    await plain.do("links", inside, {"case_id": case.case_id})
    assert (await plain.read(inside))["links"] == [case.case_id]
    assert (await plain.read(outside))["links"] == []
