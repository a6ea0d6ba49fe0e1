from __future__ import annotations

from typing import Any

import pytest

from services.complaints.cases.documents import Case
from shared.ids import new_id
from shared.storage.client import collection_of
from tests.harness import Harness, bearer
from tests.integration.complaints.course import complaint, course
from tests.integration.complaints.disputes.matters import HERE, joined, opened
from tests.integration.complaints.facts import PLATFORM
from tests.integration.complaints.staff import on_register


@pytest.mark.parametrize("confidential", [True, False])
async def test_a_dispute_does_not_tell_who_complained(complaints: Harness, offices: Any, confidential: bool) -> None:
    worker_id, other = f"w-{new_id()}", f"w-{new_id()}"
    case = await course(complaints, worker_id, category="other", district=HERE, confidential=confidential)
    matter = await opened(complaints, worker_id, case_id=case.case_id)
    await joined(matter, other)
    assert (await matter.read(bearer("worker", worker_id=other))).json()["case_id"] is None
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "apply") == 200
    assert (await matter.read()).json()["case_id"] == case.case_id
    for who in (matter.platform, bearer("worker", worker_id=other)):
        assert case.case_id not in (await matter.read(who)).text
    read = await matter.read(offices["hrss"])
    assert read.json()["case_id"] == (None if confidential else case.case_id)
    away = await on_register("hrss", HERE, subject="d-away")
    await collection_of(Case).update_one({"_id": case.case_id}, {"$set": {"away": ["d-away"]}})
    told = await matter.read(away)
    assert (told.status_code, case.case_id in told.text) == (200, False)


async def test_a_dispute_names_a_sensitive_case_to_its_circle(complaints: Harness, offices: Any) -> None:
    worker_id = f"w-{new_id()}"
    body = complaint(category="discrimination", district=HERE)
    filed = await complaints.http.post(
        "/v1/cases", json=body, headers=complaints.headers("worker", worker_id=worker_id)
    )
    case_id = filed.json()["case_id"]
    matter = await opened(complaints, worker_id, case_id=case_id)
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "apply") == 200
    inside = await on_register("hrss", HERE, subject="d-circle", circles=["discrimination"])
    for who, sees in ((offices["hrss"], False), (inside, True), (matter.worker, True)):
        read = await matter.read(who)
        assert (read.status_code, read.json()["case_id"]) == (200, case_id if sees else None)
        assert (case_id in read.text) is sees


async def test_who_stays_away_from_a_party_reads_no_dispute_with_it(complaints: Harness) -> None:
    away = await on_register("hrss", HERE, subject="d-interested")
    matter = await opened(complaints)
    assert await matter.step(matter.worker, "mediate", forum="arbitration") == 200
    assert (await matter.read(away)).status_code == 200
    interest = {"enterprise": PLATFORM, "reason": "近亲属任职"}
    told = await complaints.http.post("/v1/officers/d-interested/interests", json=interest, headers=away)
    assert told.status_code == 200, told.text
    assert (await matter.read(away)).status_code == 404
    assert matter.id not in (await complaints.http.get("/v1/disputes?limit=500", headers=away)).text
