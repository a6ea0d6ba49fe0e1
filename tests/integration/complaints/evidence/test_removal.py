"""What was handed in goes when who alone it tells of is erased, and nothing keeps it any more (个人信息保护法 art. 47)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from services.complaints.evidence.documents import EvidencePiece
from shared.contracts.registry import WorkerErased
from shared.ids import new_id
from shared.policy.parameters import Law
from shared.storage.client import collection_of
from tests.harness import Harness
from tests.integration.complaints.course import Course, course
from tests.integration.complaints.disputes.matters import HERE, opened
from tests.integration.complaints.evidence.test_evidence import PHOTO
from tests.integration.complaints.staff import on_register

FILE = {"file": ("工资条.png", PHOTO, "image/png")}


async def hand_in(complaints: Harness, path: str, who: dict[str, str]) -> str:
    headers = {**who, "Idempotency-Key": new_id()}
    answer = await complaints.http.post(f"{path}/evidence", files=FILE, data={"about": "本人工资条"}, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["evidence_id"])


async def pieces(evidence_id: str) -> int:
    return await collection_of(EvidencePiece).count_documents({"_id": {"$regex": f"^{evidence_id}"}})


async def erased(complaints: Harness, *workers: str) -> None:
    for worker_id in workers:
        await complaints.publish(WorkerErased(worker_id=worker_id))
    await complaints.settled()


async def years_on(complaints: Harness, years: int, days: int) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=365.25 * years + days), tick=True):
        await complaints.settled()


async def test_files_of_a_dispute_go_when_their_years_are_over(complaints: Harness) -> None:
    await on_register("hrss", HERE, subject="hrss-1")
    matter = await opened(complaints)
    assert await matter.step(matter.platform, "answer") == 200
    kept = await hand_in(complaints, f"/v1/disputes/{matter.id}", matter.worker)
    await erased(complaints, matter.worker_id)
    await years_on(complaints, 10, -3)
    assert await pieces(kept) == 3
    await years_on(complaints, 10, 3)
    assert await pieces(kept) == 0
    shown = await complaints.http.get(f"/v1/disputes/{matter.id}/evidence", headers=matter.platform)
    assert shown.status_code == 200
    assert "工资条" not in shown.text


async def withdrawn(complaints: Harness, *members: str) -> tuple[Course, str]:
    """A case with a file that who complained withdrew."""
    case = await course(complaints, f"w-{new_id()}")
    kept = await hand_in(complaints, f"/v1/cases/{case.case_id}", case.worker)
    for member in members:
        await case.do("members", case.handler, {"worker_id": member})
    await case.do("withdrawal", case.worker, {"reason": "已支付", "others_agree": bool(members)})
    return case, kept


async def test_the_head_removes_files_that_no_term_keeps(complaints: Harness) -> None:
    case, kept = await withdrawn(complaints)
    reason: dict[str, Any] = {"reason": "超过保存期限"}
    await case.do("evidence/removal", case.approver, reason, expect=409)
    await erased(complaints, (await case.read(case.worker))["worker_id"])
    await years_on(complaints, 30, 0)
    assert await pieces(kept) == 3, "nobody has published how long they are kept"
    await case.do("evidence/removal", case.handler, reason, expect=403)
    await case.do("evidence/removal", case.approver, reason)
    assert await pieces(kept) == 0
    path = f"/v1/cases/{case.case_id}/evidence"
    [item] = (await complaints.http.get(path, headers=case.handler)).json()["items"]
    assert (item["removed_on"] is not None, "工资条" in str(item)) == (True, False)
    assert (await complaints.http.get(f"{path}/{kept}/content", headers=case.handler)).status_code == 404


async def test_files_stay_while_another_still_complains(complaints: Harness) -> None:
    joining = f"w-{new_id()}"
    case, kept = await withdrawn(complaints, joining)
    await erased(complaints, (await case.read(case.worker))["worker_id"])
    await case.do("evidence/removal", case.approver, {"reason": "超过保存期限"}, expect=409)
    await erased(complaints, joining)
    await case.do("evidence/removal", case.approver, {"reason": "超过保存期限"})
    assert await pieces(kept) == 0


async def test_files_of_a_case_go_once_a_term_is_published(
    complaints: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Law.number
    monkeypatch.setattr(Law, "number", lambda law, key: 10 if key == "retention.inspection_years" else known(law, key))
    case = await course(complaints, f"w-{new_id()}")
    kept = await hand_in(complaints, f"/v1/cases/{case.case_id}", case.worker)
    await case.do("acceptance", case.handler)
    await erased(complaints, (await case.read(case.worker))["worker_id"])
    await years_on(complaints, 11, 0)
    assert await pieces(kept) == 3, "the investigation goes on"
    await case.do("transfer", case.handler, {"body_zh": "税务局", "reason_zh": "不属本机关职权"})
    await years_on(complaints, 10, 3)
    assert await pieces(kept) == 0
