"""What a transaction reads at once it need not read again, and what is about many events is read once."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from shared.ids import new_id
from shared.messaging.outcomes import Outcomes
from shared.storage import client
from shared.storage.client import storage
from shared.storage.kinds import TimerKind, Together
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


async def test_what_is_changed_unread_is_read_as_it_will_be(service: Harness) -> None:
    """Within its transaction, whether it was there or not."""
    there, new = await transact(Counter(name="unread").put), new_id()

    async def change(tx: Transaction) -> tuple[Counter | None, Counter | None, Counter | None]:
        tx.update(Counter, there.id, {"$set": {"name": "changed"}})
        changed = await Counter.of(there.id, tx)
        made = {"$set": {"name": "made", "heard": [], "revision": 1}}
        tx.update(Counter, new, made, upsert=True)
        await tx.load(Counter, [there.id, new])
        return changed, await Counter.of(there.id, tx), await Counter.of(new, tx)

    changed, loaded, made = await transact(change)
    assert changed is not None
    assert changed is loaded
    assert changed.name == "changed"
    assert made is not None
    assert made.name == "made"


async def test_two_that_change_the_same_unread_see_each_other(service: Harness) -> None:
    """The write alone makes them meet: the later one is done again, and reads what the earlier has stored."""
    shared, other = new_id(), await transact(Counter(name="before").put)
    seen: list[str] = []

    async def first(tx: Transaction) -> None:
        tx.update(Counter, shared, {"$inc": {"revision": 1}}, upsert=True)
        tx.update(Counter, other.id, {"$set": {"name": "after"}})

    async def second(tx: Transaction) -> None:
        known = await Counter.of(other.id, tx)
        assert known is not None
        seen.append(known.name)
        if len(seen) == 1:
            await transact(first)
        tx.update(Counter, shared, {"$inc": {"revision": 1}}, upsert=True)

    await transact(second)
    assert seen == ["before", "after"]


async def test_several_kinds_of_read_take_no_second_statement(service: Harness) -> None:
    """What is known by id, and what has a value in common."""
    name, nowhere = new_id(), new_id()
    one, two = Counter(name=name), Counter(name="by its id")

    async def store(tx: Transaction) -> None:
        await one.put(tx)
        await two.put(tx)

    async def read(tx: Transaction) -> tuple[set[str], Counter | None, Counter | None, bool, float]:
        await tx.ahead([(Counter, two.id), (Counter, nowhere)], [(Counter, {"name": name})])
        before = finds()
        same = await tx.all_of(Counter, {"name": name})
        known, missing = await Counter.of(two.id, tx), await Counter.of(nowhere, tx)
        whole = await Counter.of(one.id, tx) is same[0]
        await tx.ahead([(Counter, two.id)], [(Counter, {"name": name})])
        return {found.id for found in same}, known, missing, whole, finds() - before

    await transact(store)
    tries = [await transact(read) for _ in range(10)]
    same, known, missing, whole, _ = tries[0]
    assert same == {one.id}
    assert known is not None
    assert known.name == "by its id"
    assert missing is None
    assert whole
    assert min(statements for *_, statements in tries) == 0


async def test_what_was_put_is_among_those_that_are_read_ahead(service: Harness) -> None:
    name = new_id()

    async def change(tx: Transaction) -> tuple[list[Counter], list[Counter], Counter]:
        put = await Counter(name=name).put(tx)
        await tx.ahead(groups=[(Counter, {"name": name})])
        earlier = await tx.all_of(Counter, {"name": name})
        await Counter(name=name).put(tx)
        return earlier, await tx.all_of(Counter, {"name": name}), put

    earlier, later, put = await transact(change)
    assert earlier == [put]
    assert len(later) == 2


async def test_what_is_new_has_only_what_was_put_since(service: Harness) -> None:
    name = new_id()

    async def change(tx: Transaction) -> tuple[list[Counter], list[Counter]]:
        tx.none_yet(Counter, {"name": name})
        none = await tx.all_of(Counter, {"name": name})
        await Counter(name=name).put(tx)
        return none, await tx.all_of(Counter, {"name": name})

    none, some = await transact(change)
    assert none == []
    assert [one.name for one in some] == [name]


async def test_those_of_many_values_are_read_by_one_statement(service: Harness) -> None:
    name, other, nobody = new_id(), new_id(), new_id()
    stored = [Counter(name=name), Counter(name=name), Counter(name=other)]

    async def store(tx: Transaction) -> None:
        for one in stored:
            await one.put(tx)

    async def read(tx: Transaction) -> tuple[list[int], float]:
        before = finds()
        await tx.load_all_of(Counter, "name", [name, other, nobody])
        found = [len(await tx.all_of(Counter, {"name": one})) for one in (name, other, nobody)]
        await tx.load_all_of(Counter, "name", [name, nobody])
        return found, finds() - before

    await transact(store)
    tries = [await transact(read) for _ in range(10)]
    assert tries[0][0] == [2, 1, 0]
    assert min(statements for _, statements in tries) == 1


async def test_what_is_given_another_value_changes_its_place(service: Harness) -> None:
    name, other = new_id(), new_id()
    counter = await transact(Counter(name=name).put)

    async def change(tx: Transaction) -> list[list[Counter]]:
        await tx.load_all_of(Counter, "name", [name, other])
        known = await Counter.of(counter.id, tx)
        assert known is not None
        await known.put(tx)
        known.name = other
        await known.put(tx)
        return [await tx.all_of(Counter, {"name": one}) for one in (name, other)]

    before, after = await transact(change)
    assert before == []
    assert [one.id for one in after] == [counter.id]


async def test_what_is_asked_for_at_one_moment_is_read_together(service: Harness) -> None:
    stored = [await transact(Counter(name="together", heard=[number]).put) for number in range(10)]
    ids = [*(one.id for one in stored), new_id(), stored[0].id]

    async def read() -> tuple[list[Counter | None], float]:
        before = finds()
        found = await asyncio.gather(*(Counter.of(one) for one in ids))
        return found, finds() - before

    tries = [await read() for _ in range(10)]
    found, _ = tries[0]
    assert [one and one.heard for one in found] == [*([number] for number in range(10)), None, [0]]
    assert found[0] is not None
    found[0].heard.append(1)
    assert found[-1] is not None
    assert found[-1].heard == [0]
    assert min(statements for _, statements in tries) == 1


async def test_one_who_gives_up_takes_nothing_from_the_others(service: Harness) -> None:
    counter = await transact(Counter(name="given up").put)
    asking = [asyncio.create_task(Counter.of(counter.id)) for _ in range(3)]
    await asyncio.sleep(0)
    asking[0].cancel()
    async with asyncio.timeout(5):
        _, *found = await asyncio.gather(*asking, return_exceptions=True)
    assert [one.id for one in found if isinstance(one, Counter)] == [counter.id] * 2


async def test_what_is_asked_of_one_storage_is_read_from_it(service: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where another is connected, or none, before the statement is sent: nobody waits for ever."""
    asking = asyncio.create_task(Counter.of(new_id()))
    await asyncio.sleep(0)
    monkeypatch.setattr(client, "_storage", None)
    assert await asyncio.wait_for(asking, 5) is None


async def test_what_outcomes_read_is_read_for_all_of_them(service: Harness) -> None:
    stored = [await transact(Counter(name="outcome").put) for _ in range(10)]

    async def count(counter_id: str, tx: Transaction) -> None:
        counter = await Counter.of(counter_id, tx)
        assert counter is not None
        counter.heard = [*counter.heard, 1]
        await counter.put(tx)

    async def store() -> float:
        outcomes, before = Outcomes(), finds()
        async with outcomes.gathered():
            await asyncio.gather(*(outcomes.store(partial(count, one.id), [(Counter, one.id)]) for one in stored))
        return finds() - before

    statements = [await store() for _ in range(5)]
    after = await asyncio.gather(*(Counter.of(one.id) for one in stored))
    assert [one and one.heard for one in after] == [[1] * 5] * 10
    assert min(statements) == 1


async def test_what_a_transaction_names_is_one_timer(service: Harness) -> None:
    kind = TimerKind("test.nobody_handles", Together)

    async def name(tx: Transaction) -> None:
        for item in ("first", "second", "first"):
            tx.schedule_together(kind, item)

    await transact(name)
    await transact(name)
    rows = await storage().collection("timers").find({"kind": kind.name}).to_list(None)
    assert [kind.read(row["data"]).items for row in rows] == [("first", "second")] * 2
    await storage().collection("timers").delete_many({"kind": kind.name})
