"""What a transaction reads at once it need not read again, and what is about many events is read once."""

from __future__ import annotations

from shared.ids import new_id
from shared.storage.transaction import Transaction, transact
from shared.telemetry import metrics
from tests.harness import Harness
from tests.integration.chassis.sample import Counter


def finds() -> float:
    return float(metrics.STATEMENTS.labels("find")._value.get())


async def test_documents_read_ahead_cost_no_further_statement(service: Harness) -> None:
    there = [Counter(name=f"ahead-{number}", heard=[number]) for number in range(150)]
    nowhere = [new_id() for _ in range(20)]

    async def store(tx: Transaction) -> None:
        for counter in there:
            await counter.put(tx)

    async def read(tx: Transaction) -> tuple[list[Counter | None], list[Counter | None], float]:
        before = finds()
        await tx.load(Counter, [*(one.id for one in there), *nowhere])
        found = [await Counter.of(one.id, tx) for one in there]
        missing = [await Counter.of(one, tx) for one in nowhere]
        await tx.load(Counter, [one.id for one in there])
        return found, missing, finds() - before

    await transact(store)
    tries = [await transact(read) for _ in range(10)]
    found, missing, _ = tries[0]
    assert [one.heard for one in found if one] == [one.heard for one in there]
    assert missing == [None] * 20
    # a hundred ids each; the service's own loops may ask something beside some of the tries
    assert min(statements for _, _, statements in tries) == 2


async def test_what_was_put_stays_the_same_object_when_read_ahead(service: Harness) -> None:
    """Within its transaction, where many documents are read at once."""
    counter = await transact(Counter(name="put and read", heard=[1]).put)

    async def change(tx: Transaction) -> bool:
        known = await Counter.of(counter.id, tx)
        assert known is not None
        known.heard = [1, 2]
        await known.put(tx)
        await tx.load(Counter, [counter.id])
        return await Counter.of(counter.id, tx) is known

    assert await transact(change)
    stored = await Counter.get(counter.id)
    assert stored is not None
    assert stored.heard == [1, 2]
