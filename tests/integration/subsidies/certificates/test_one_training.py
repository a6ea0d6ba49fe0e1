"""A completion from a body and one that a platform pushes meet in one certificate, whichever comes first."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest

from shared.contracts.registry import WorkerMerged
from shared.contracts.subsidies import CertificateIssued
from tests.harness import Harness, bearer
from tests.integration.subsidies.bodies import begun, complete, enrol, on_file, published, today, uscc
from tests.integration.subsidies.facts import PLATFORM, engagement, tell, training


async def certificates(subsidies: Harness, worker_id: str) -> list[Any]:
    found = await subsidies.http.get("/v1/certificates", headers=bearer("worker", worker_id=worker_id))
    return [one for one in found.json()["items"] if one["state"] == "issued"]


async def course_of(subsidies: Harness, code: str, worker_id: str) -> tuple[str, str]:
    await on_file(subsidies, code)
    programme = await published(subsidies, code)
    enrolment = (await enrol(subsidies, programme, worker_id))["enrolment_id"]
    await begun(programme)
    return programme, enrolment


@pytest.mark.parametrize("turn", ["body", "platform", "both"])
async def test_one_training_is_one_certificate(subsidies: Harness, turn: str) -> None:
    worker_id, ref, code = f"w-meet-{turn}", f"MEET-{turn}", uscc({"body": 501, "platform": 502, "both": 503}[turn])
    programme, enrolment = await course_of(subsidies, code, worker_id)
    await tell(subsidies, engagement(worker_id, ref))
    await subsidies.settled()
    pushed = training(ref, "网约配送员（五级）", today() - dt.timedelta(3), number=f"PX-{turn}")
    steps = [complete(subsidies, code, programme, enrolment), tell(subsidies, pushed)]
    if turn == "both":
        await asyncio.gather(*steps)
    else:
        for step in steps if turn == "body" else reversed(steps):
            await step
            await subsidies.settled()
    await subsidies.settled()
    [certificate] = await certificates(subsidies, worker_id)
    assert (certificate["platform"], certificate["provider"], certificate["level"]) == (PLATFORM, code, "junior")
    issued = [fact.number for fact in await subsidies.told(CertificateIssued) if fact.worker_id == worker_id]
    assert issued == [certificate["number"]]


async def test_another_level_or_day_is_another_certificate(subsidies: Harness) -> None:
    programme, enrolment = await course_of(subsidies, uscc(504), "w-apart")
    await tell(subsidies, engagement("w-apart", "APART"))
    await subsidies.settled()
    day = today() - dt.timedelta(3)
    await tell(
        subsidies, training("APART", "网约配送员（四级）", day), training("APART", "网约配送员（五级）", today())
    )
    await complete(subsidies, uscc(504), programme, enrolment)
    await subsidies.settled()
    assert len(await certificates(subsidies, "w-apart")) == 3


async def test_a_platforms_word_waits_for_whose_it_is_and_meets(subsidies: Harness) -> None:
    programme, enrolment = await course_of(subsidies, uscc(505), "w-later")
    await tell(subsidies, training("LATER", "网约配送员初级班", today() - dt.timedelta(3), number="PX-LATER"))
    await subsidies.settled()
    await complete(subsidies, uscc(505), programme, enrolment)
    await tell(subsidies, engagement("w-later", "LATER"))
    await subsidies.settled()
    [certificate] = await certificates(subsidies, "w-later")
    assert (certificate["platform"], certificate["provider"]) == (PLATFORM, uscc(505))
    assert len([one for one in await subsidies.told(CertificateIssued) if one.worker_id == "w-later"]) == 1


async def test_two_records_of_one_person_keep_one_certificate(subsidies: Harness) -> None:
    programme, enrolment = await course_of(subsidies, uscc(506), "w-rec1")
    await complete(subsidies, uscc(506), programme, enrolment)
    day = today() - dt.timedelta(3)
    await tell(subsidies, engagement("w-rec2", "REC2"), training("REC2", "网约配送员(初级工)", day))
    await subsidies.settled()
    assert len(await certificates(subsidies, "w-rec1")) == len(await certificates(subsidies, "w-rec2")) == 1
    await tell(subsidies, WorkerMerged(worker_id="w-rec2", merged_worker_id="w-rec1"))
    await subsidies.settled()
    [certificate] = await certificates(subsidies, "w-rec2")
    assert (certificate["platform"], certificate["provider"]) == (PLATFORM, uscc(506))
    assert await certificates(subsidies, "w-rec1") == []


async def test_a_valid_certificate_does_not_go_with_a_revoked(subsidies: Harness) -> None:
    programme, enrolment = await course_of(subsidies, uscc(507), "w-rec3")
    await complete(subsidies, uscc(507), programme, enrolment)
    day = today() - dt.timedelta(3)
    await tell(subsidies, engagement("w-rec4", "REC4"), training("REC4", "网约配送员（五级）", day))
    await subsidies.settled()
    [pushed] = await certificates(subsidies, "w-rec4")
    path = f"/v1/certificates/{pushed['certificate_id']}"
    seen = (await subsidies.http.get(path, headers=subsidies.officer)).headers["etag"]
    headers = {**subsidies.officer, "If-Match": seen}
    answer = await subsidies.http.post(f"{path}/revocation", json={"reason": "虚假培训"}, headers=headers)
    assert answer.status_code == 200, answer.text
    await tell(subsidies, WorkerMerged(worker_id="w-rec4", merged_worker_id="w-rec3"))
    await subsidies.settled()
    [certificate] = await certificates(subsidies, "w-rec4")
    assert certificate["provider"] == uscc(507)
