"""A walk over everything that subsidies stores, after somebody's erasure."""

from __future__ import annotations

from shared.contracts.registry import WorkerErased
from shared.ids import new_id
from tests.harness import Harness
from tests.integration.erased import remains, undeclared
from tests.integration.subsidies.facts import contribution, tell, worker
from tests.integration.subsidies.filing import apply_as, approved, trained

NAME = "欧阳试样乙"


async def test_only_accounts_of_public_money_name_the_erased(subsidies: Harness) -> None:
    """What is kept, why, and for which term stands in the table of collections."""
    one = f"w-{new_id()}"
    await tell(subsidies, worker(one, name=NAME), contribution(one, "2026-04"))
    await subsidies.settled()
    await trained(subsidies, one)
    key = (await apply_as(subsidies, one))["application_id"]
    await apply_as(subsidies, one, submit=False)
    await approved(subsidies, key)
    before = await remains(subsidies, [one], [NAME])
    assert ("trainee_persons", "texts") in before
    await tell(subsidies, WorkerErased(worker_id=one))
    await subsidies.settled()
    after = await remains(subsidies, [one], [NAME])
    assert undeclared("subsidies", after) == []
    assert not {"trainee_persons", "paid_contributions", "person_engagements"} & {name for name, _ in after}
