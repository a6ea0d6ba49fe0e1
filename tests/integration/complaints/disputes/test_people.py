from __future__ import annotations

from typing import Any

from services.complaints.disputes.documents import Dispute
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.ids import new_id
from tests.harness import Harness, bearer
from tests.integration.complaints.disputes.matters import days_on, in_arbitration, opened


async def test_a_merger_takes_disputes_and_their_claims_along(complaints: Harness) -> None:
    matter = await opened(complaints, relation="partial")
    await matter.step(matter.platform, "answer")
    await matter.step(matter.worker, "sue")
    kept = f"w-{new_id()}"
    await complaints.publish(WorkerMerged(worker_id=kept, merged_worker_id=matter.worker_id))
    await complaints.settled()
    assert (await matter.read()).json()["workers"] == [kept]  # a token outlives the merging of its record
    assert (await matter.read(bearer("worker", worker_id=kept))).json()["workers"] == [kept]
    again = await opened(complaints, kept, relation="partial")
    assert again.shown["doubled"] is False
    await again.step(again.platform, "answer")
    assert await again.step(again.worker, "sue") == 409


async def test_two_records_with_one_claim_are_shown_to_officers(complaints: Harness) -> None:
    matters = [await opened(complaints, relation="partial") for _ in range(2)]
    for matter in matters:
        await matter.step(matter.platform, "answer")
        assert await matter.step(matter.worker, "sue") == 200
    kept, merged = matters
    await complaints.publish(WorkerMerged(worker_id=kept.worker_id, merged_worker_id=merged.worker_id))
    await complaints.settled()
    shown = [(await complaints.http.get(f"/v1/disputes/{one.id}", headers=kept.worker)).json() for one in matters]
    assert [one["doubled"] for one in shown] == [False, True]


async def test_an_erased_person_leaves_no_word(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints)
    await matter.step(matter.worker, "negotiate")
    running = await in_arbitration(complaints, offices["hrss"], worker_id=matter.worker_id)
    await complaints.publish(WorkerErased(worker_id=matter.worker_id))
    await complaints.settled()
    gone, kept = await Dispute.of(matter.id), await Dispute.of(running.id)
    assert gone is not None
    assert kept is not None
    assert matter.worker_id not in str(gone.model_dump())
    assert "拖欠" not in gone.clear_text
    assert kept.workers == [matter.worker_id]  # it is being decided
    assert await running.step(offices["hrss"], "award", awards={"1": "5400.00"}, final=False) == 200
    with days_on(40):
        await complaints.settled()
    forgotten = await Dispute.of(running.id)
    assert forgotten is not None
    assert forgotten.state == "effective"
    assert matter.worker_id not in str(forgotten.model_dump())
