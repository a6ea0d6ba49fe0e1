from __future__ import annotations

from typing import Any

import pytest

from shared.ids import new_id
from tests.harness import Harness, bearer
from tests.integration.complaints.course import course
from tests.integration.complaints.disputes.matters import HERE, opened


@pytest.mark.parametrize("confidential", [True, False])
async def test_a_dispute_does_not_tell_who_complained(complaints: Harness, offices: Any, confidential: bool) -> None:
    worker_id, other = f"w-{new_id()}", f"w-{new_id()}"
    case = await course(complaints, worker_id, category="other", district=HERE, confidential=confidential)
    matter = await opened(complaints, worker_id, case_id=case.case_id)
    joining = {"number": matter.shown["number"], "claims": [{"kind": "pay", "known_on": "2026-08-03"}]}
    joined = await complaints.http.post(
        "/v1/disputes/joining", json=joining, headers=complaints.headers("worker", worker_id=other)
    )
    assert (joined.status_code, joined.json()["case_id"]) == (201, None)
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "apply") == 200
    assert (await matter.read()).json()["case_id"] == case.case_id
    for who in (matter.platform, bearer("worker", worker_id=other)):
        assert case.case_id not in (await matter.read(who)).text
    read = await matter.read(offices["hrss"])
    assert read.json()["case_id"] == (None if confidential else case.case_id)
