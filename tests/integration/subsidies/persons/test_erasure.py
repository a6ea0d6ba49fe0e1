"""A walk over everything that subsidies stores, after somebody's erasure."""

from __future__ import annotations

from services.subsidies.payments.documents import Payment
from shared import clock
from shared.contracts.registry import WorkerErased
from shared.ids import new_id
from shared.storage.blanking import GONE
from shared.storage.client import storage
from shared.storage.encryption import decrypt_field
from tests.harness import Harness, eventually
from tests.integration.erased import remains, undeclared
from tests.integration.subsidies.facts import contribution, tell, worker
from tests.integration.subsidies.filing import apply_as, approved, read, trained

NAME = "试样甲"


async def test_only_accounts_of_public_money_name_the_erased(subsidies: Harness) -> None:
    """What is kept, why, and for which term stands in the table of collections."""
    one = f"w-{new_id()}"
    await tell(subsidies, worker(one), contribution(one, "2026-04"))
    await subsidies.settled()
    await trained(subsidies, one)
    key = (await apply_as(subsidies, one))["application_id"]
    await apply_as(subsidies, one, submit=False)
    await approved(subsidies, key)
    before = await remains(subsidies, [one], [NAME])
    assert {("trainee_persons", "texts"), ("subsidy_applications", "id")} <= before
    await tell(subsidies, WorkerErased(worker_id=one))
    await subsidies.settled()
    after = await remains(subsidies, [one], [NAME])
    assert undeclared("subsidies", after) == []
    assert not {"paid_contributions", "person_engagements"} & {name for name, _ in after}
    assert ("trainee_persons", "texts") not in after


async def test_names_go_from_accounts_after_their_term(subsidies: Harness) -> None:
    """At the end of the term of accounts: name and account go, the sum stays, and the application can still be read."""
    one = f"w-{new_id()}"
    await trained(subsidies, one)
    key = (await apply_as(subsidies, one))["application_id"]
    await approved(subsidies, key)
    await tell(subsidies, WorkerErased(worker_id=one))
    await subsidies.settled()
    timers, timer = storage().collection("timers"), {"_id": f"subsidies.accounts_end:{key}"}
    row = await timers.find_one(timer)
    assert row is not None
    assert row["due_at"].year == clock.now().year + 30
    amount = (await payment(key)).amount
    await timers.update_one(timer, {"$set": {"due_at": clock.now()}})

    async def closed() -> bool:
        kept = await payment(key)
        return decrypt_field("payment.name", key, kept.name) == GONE

    await eventually(closed)
    assert (await payment(key)).amount == amount
    shown = await read(subsidies, key)
    assert (shown["stated"], shown["account"]) == ({}, None)


async def payment(key: str) -> Payment:
    found = await Payment.get(key)
    assert found is not None
    return found
