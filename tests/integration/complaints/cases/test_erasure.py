"""A walk over everything that complaints stores, after somebody's erasure."""

from __future__ import annotations

from shared.contracts.registry import EngagementActivated, WorkerErased
from shared.ids import new_id
from tests.harness import Harness
from tests.integration.complaints.course import TEXT, course
from tests.integration.complaints.facts import engagement
from tests.integration.erased import remains, undeclared


async def test_no_case_names_an_erased_person(complaints: Harness) -> None:
    """Nor anything else, beyond what the table of collections says may stay."""
    worker = f"w-{new_id()}"
    await complaints.publish(engagement(EngagementActivated, worker, f"R-{worker}", was_blocked=False))
    await complaints.settled()
    await course(complaints, worker)
    before = await remains(complaints, [worker], [TEXT])
    assert ("cases", "texts") in before
    await complaints.publish(WorkerErased(worker_id=worker))
    await complaints.settled()
    after = await remains(complaints, [worker], [TEXT])
    assert {name for name, what in after if what != "id"} == set()
    assert "cases" not in {name for name, _ in after}
    assert undeclared("complaints", after) == []
