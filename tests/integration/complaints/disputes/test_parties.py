"""Enterprises become party to a dispute in arbitration, with their own term and their part of the file."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2

from services.complaints.parties.documents import Engagement
from shared.contracts.complaints import DisputeAwarded, DisputePartyAdded, DisputePartySucceeded
from shared.ids import new_id
from shared.policy.calendar import add_working_days
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.complaints.disputes.matters import (
    OTHER,
    Matter,
    days_on,
    engaged,
    in_arbitration,
    office,
    opened,
    today,
)
from tests.integration.complaints.facts import PLATFORM
from tests.unit.identity.numbers import make_uscc

THIRD = make_uscc("MA0000003")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
NAMED = {"enterprise": OTHER, "text": "派遣单位与用工单位为共同当事人"}


def of(uscc: str) -> dict[str, str]:
    return bearer("platform", uscc=uscc)


async def add(matter: Matter, by: dict[str, str], **changes: Any) -> httpx2.Response:
    return await matter.send(by, "parties", NAMED | changes)


async def told(matter: Matter) -> list[tuple[str | None, tuple[str, ...], str]]:
    found = [one for one in await matter.complaints.told(DisputePartyAdded) if one.dispute_id == matter.id]
    return [(one.uscc, one.platforms, one.role) for one in found]


async def test_who_applied_adds_a_respondent(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    assert (await matter.read(of(OTHER))).status_code == 404
    assert (await add(matter, matter.platform)).status_code == 403
    assert (await add(matter, matter.worker, role="third_party")).status_code == 403
    assert await matter.step(offices["hrss"], "serve") == 200
    assert (await add(matter, matter.worker)).status_code == 200
    assert await told(matter) == [(OTHER, (PLATFORM,), "respondent")]
    assert (await add(matter, matter.worker)).json()["type"].endswith("/party-already")
    (added,) = matter.shown["added"]
    assert (added["enterprise"], added["by"], added["answered_on"]) == (OTHER, "worker", None)
    assert dt.date.fromisoformat(added["answer_by"]) > today() + dt.timedelta(days=9)
    assert await matter.step(of(OTHER), "defend", text="由用工单位承担") == 200
    assert matter.shown["added"][0]["answered_on"] == f"{today()}"
    assert [one["party"] for one in matter.shown["entries"] if one["step"] == "defend"] == [OTHER]
    assert await matter.step(matter.platform, "defend", text="不同意") == 200
    assert await matter.step(offices["hrss"], "award", awards={"1": "100.00"}, bound={"1": [THIRD]}) == 422
    assert await matter.step(offices["hrss"], "award", awards={"1": "100.00"}, bound={"1": [OTHER]}) == 200
    assert matter.shown["claims"][0]["bound"] == [OTHER]
    (award,) = [one for one in await complaints.told(DisputeAwarded) if one.dispute_id == matter.id]
    assert {*award.platforms} == {PLATFORM, OTHER}


async def test_an_added_party_sees_the_file_of_arbitration(complaints: Harness, offices: Any) -> None:
    """And nothing of what the others tried and agreed before it, nor whom the platform calls how."""
    matter = await opened(complaints)
    assert await matter.step(matter.platform, "answer", text="愿意私下补偿一半") == 200
    assert await matter.step(matter.worker, "apply", text="申请仲裁") == 200
    assert (await add(matter, matter.worker)).status_code == 200
    assert await matter.step(offices["hrss"], "accept") == 200
    assert await matter.step(offices["hrss"], "serve") == 200
    seen = await matter.read(of(OTHER))
    shown = seen.json()
    assert [one["step"] for one in shown["entries"]] == ["apply", "accept", "serve"]
    assert (shown["text"], shown["facts"], shown["joint"]) == (matter.shown["text"], [], [])
    assert "私下补偿" not in seen.text
    assert matter.worker_id not in seen.text
    assert "私下补偿" in (await matter.read(matter.platform)).text
    assert shown["added"][0]["answer_by"] is not None  # with the others, as the copies went out


async def test_a_third_party_speaks_and_takes_no_step(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    assert (await add(matter, offices["hrss"], enterprise=THIRD, role="third_party")).status_code == 200
    assert await matter.step(of(THIRD), "defend", text="与本案结果有利害关系") == 200
    assert await matter.step(offices["hrss"], "award", awards={"1": "30000.00"}, bound={"1": [THIRD]}) == 422
    assert await matter.step(offices["hrss"], "award", awards={"1": "30000.00"}, final=False) == 200
    assert matter.shown["claims"][0]["bound"] == [PLATFORM]
    assert await matter.step(of(THIRD), "sue") == 403
    assert await matter.step(matter.platform, "sue") == 200
    assert (await add(matter, offices["court"])).status_code == 409


async def test_a_claim_against_an_added_party_is_decided_once(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    assert (await add(matter, offices["hrss"], enterprise=THIRD, role="third_party")).status_code == 200
    assert (await add(matter, offices["hrss"])).status_code == 200
    fourth = make_uscc("MA0000004")
    assert (await add(matter, offices["hrss"], enterprise=fourth, role="third_party")).status_code == 200
    assert (await add(matter, offices["hrss"], enterprise=fourth)).status_code == 200
    assert [one["role"] for one in matter.shown["added"]] == ["third_party", "respondent", "respondent"]
    for enterprise, status in ((OTHER, 409), (THIRD, 200), (fourth, 409)):
        own = await opened(complaints, matter.worker_id, enterprises=[enterprise])
        assert await own.step(of(enterprise), "answer") == 200
        assert await own.step(own.worker, "apply") == status


async def test_a_hearing_too_near_for_who_is_added_is_set_anew(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    notice = parameters.on(today()).days("arbitration.hearing_notice_days")
    next_day = (add_working_days(today(), 1).due - today()).days
    for on, later in ((today() + dt.timedelta(days=20), 0), (add_working_days(today(), notice).due, next_day)):
        assert await matter.step(offices["hrss"], "set_hearing", due_on=str(on)) == 200
        if later:
            await matter.later(later)
        with days_on(later):
            by = office("hrss")
            answer = await add(matter, by, enterprise=THIRD if later else OTHER)
        assert answer.status_code == 200, answer.text
        assert answer.json()["hearing_on"] == (None if later else str(on))


async def test_who_else_dispatched_is_shown_to_who_may_add(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    await engaged(complaints, matter.worker_id)

    async def dispatch(tx: Transaction) -> None:
        (engagement,) = await tx.find(Engagement, {"worker_id": matter.worker_id})
        engagement.partner, engagement.dispatched = OTHER, True
        await engagement.put(tx)

    await transact(dispatch)
    assert (await matter.read()).json()["joint"] == [OTHER]
    assert (await matter.read(matter.platform)).json()["joint"] == []
    assert (await add(matter, offices["hrss"])).json()["joint"] == []


async def test_enterprises_see_each_others_files_when_shown(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    path = f"/v1/disputes/{matter.id}/evidence"

    async def hand_in(by: dict[str, str], name: str) -> str:
        about, headers = {"about": name}, by | {"Idempotency-Key": new_id()}
        answer = await matter.http.post(
            path, files={"file": (f"{name}.png", PNG, "image/png")}, data=about, headers=headers
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["evidence_id"])

    async def seen(by: dict[str, str]) -> list[str]:
        return [one["about"] for one in (await matter.http.get(path, headers=by)).json()["items"]]

    platforms = await hand_in(matter.platform, "平台内部规定")
    assert (await add(matter, offices["hrss"])).status_code == 200
    await hand_in(of(OTHER), "派遣协议")
    assert (await seen(of(OTHER)), await seen(matter.platform)) == (["派遣协议"], ["平台内部规定"])
    assert await seen(offices["hrss"]) == ["平台内部规定", "派遣协议"]
    assert (await matter.http.get(f"{path}/{platforms}", headers=of(OTHER))).status_code == 404
    assert (await matter.http.get(f"{path}/{platforms}", headers=matter.platform)).status_code == 200
    shown = await matter.http.post(f"{path}/{platforms}/disclosure", json={"to": "enterprise"}, headers=offices["hrss"])
    assert shown.status_code == 200, shown.text
    assert await seen(of(OTHER)) == ["平台内部规定", "派遣协议"]
    assert (await matter.http.get(f"{path}/{platforms}", headers=of(OTHER))).status_code == 200


async def test_a_merged_enterprise_has_its_successors_place(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    body = {"enterprise": PLATFORM, "successors": [OTHER], "ground": "merger", "text": "吸收合并，工商登记已注销"}
    path = f"/v1/disputes/{matter.id}/evidence"
    file = {"file": ("规定.png", PNG, "image/png")}
    kept = await matter.http.post(
        path, files=file, data={"about": "内部规定"}, headers=matter.platform | {"Idempotency-Key": new_id()}
    )
    assert kept.status_code == 201, kept.text
    assert (await matter.send(matter.worker, "successions", body)).status_code == 403
    assert (await matter.send(offices["hrss"], "successions", body)).status_code == 200
    assert (matter.shown["enterprises"], matter.shown["successions"][0]["text"]) == ([OTHER], body["text"])
    assert (await matter.read(matter.platform)).status_code == 404
    seen = (await matter.read(of(OTHER))).json()
    assert seen["entries"][0]["step"] == "answer"  # the whole file: it is the party, and none that was added
    assert len((await matter.http.get(path, headers=of(OTHER))).json()["items"]) == 1
    told = [one for one in await complaints.told(DisputePartySucceeded) if one.dispute_id == matter.id]
    assert [(one.uscc, one.platforms) for one in told] == [(PLATFORM, (OTHER,))]
    for enterprise, status in ((OTHER, 409), (PLATFORM, 200)):
        own = await opened(complaints, matter.worker_id, enterprises=[enterprise])
        assert await own.step(of(enterprise), "answer") == 200
        assert await own.step(own.worker, "apply") == status
