from __future__ import annotations

from collections import Counter

from prometheus_client import REGISTRY

from shared.storage.client import Storage


def _counted() -> Counter[str]:
    name = "xindun_database_statements_total"
    samples = [s for family in REGISTRY.collect() for s in family.samples if s.name == name]
    return Counter({sample.labels["command"]: int(sample.value) for sample in samples})


async def test_every_command_to_the_database_is_counted_by_name(mongo_uri: str) -> None:
    storage = Storage(mongo_uri, "statements")
    rows = storage.collection("rows")
    before = _counted()
    async with await storage.client.start_session() as session, session.start_transaction():
        await rows.insert_many([{"_id": 1}, {"_id": 2}], session=session)
    assert await rows.find_one({"_id": 2})
    assert not await rows.find_one({"_id": 3})

    assert _counted() - before == {"insert": 1, "commitTransaction": 1, "find": 2}
    storage.client.close()
