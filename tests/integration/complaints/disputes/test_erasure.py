"""A walk over everything that complaints stores, after the erasure of somebody who had disputes and asked for legal aid."""

from __future__ import annotations

from shared.contracts.registry import WorkerErased
from tests.harness import Harness
from tests.integration.complaints.disputes.matters import opened
from tests.integration.erased import remains, undeclared


async def test_no_dispute_names_an_erased_person(complaints: Harness) -> None:
    matter = await opened(complaints)
    await matter.step(matter.worker, "negotiate")
    before = await remains(complaints, [matter.worker_id], ["拖欠"])
    assert {("disputes", "id"), ("disputes", "texts")} <= before
    await complaints.publish(WorkerErased(worker_id=matter.worker_id))
    await complaints.settled()
    after = await remains(complaints, [matter.worker_id], ["拖欠"])
    assert "disputes" not in {name for name, _ in after}
    assert undeclared("complaints", after) == []


async def test_a_dispute_of_an_erased_person_is_still_read(complaints: Harness) -> None:
    matter = await opened(complaints)
    await complaints.publish(WorkerErased(worker_id=matter.worker_id))
    await complaints.settled()
    read = await matter.read(matter.platform)
    assert (read.status_code, read.json()["workers"]) == (200, [])
    assert [claim["worker_id"] for claim in read.json()["claims"]] == [""]
