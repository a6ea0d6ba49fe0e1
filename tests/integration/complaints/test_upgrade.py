"""A database of the first version, brought to what this one reads."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest_asyncio
from pymongo import ASCENDING, IndexModel

from services.complaints.app import service
from services.complaints.compliance.documents import Lead, Settlement
from shared import migrate
from shared.storage import client
from shared.storage.client import Row, collection_of
from shared.storage.transaction import Transaction, transact
from shared.storage.writes import encode


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def database(mongo_uri: str) -> AsyncIterator[None]:
    await client.connect(mongo_uri, f"test_{uuid.uuid4().hex[:12]}", service.documents, unhurried=True)
    yield
    client.disconnect()


def lead_of_the_first_version(contract: str | None) -> Row:
    lead = Lead(
        revision=3,
        platform="91510600MA00000172",
        worker_ref="rider-7",
        settlement_id="S-1",
        period_start=dt.date(2026, 9, 1),
        period_end=dt.date(2026, 9, 30),
        district="510603",
        intervals=1,
        working_seconds=3600,
        pay=Decimal("10.00"),
        minimum=Decimal("19.00"),
        shortfall=Decimal("9.00"),
        used=[],
        verified=False,
    )
    row = encode(lead)
    del row["collective_contract_id"]
    return {**row, "agreement_id": contract}


async def test_leads_show_the_contract_that_they_were_raised_under() -> None:
    """And go on showing it when they are stored again."""
    under, without = lead_of_the_first_version("contract-9"), lead_of_the_first_version(None)
    await collection_of(Lead).insert_many([under, without])
    assert await migrate.run(service, finish=False) == 0
    kept = await Lead.of(under["_id"])
    assert kept is not None
    assert kept.collective_contract_id == "contract-9"
    assert (await collection_of(Lead).find_one({"_id": under["_id"]}) or {})["agreement_id"] == "contract-9"

    async def store(tx: Transaction) -> None:
        await kept.put(tx)

    await transact(store)
    again = await Lead.of(under["_id"])
    assert again is not None
    assert again.collective_contract_id == "contract-9"
    other = await Lead.of(without["_id"])
    assert other is not None
    assert other.collective_contract_id is None


async def test_the_index_that_nothing_uses_any_more_goes() -> None:
    await collection_of(Settlement).create_indexes(
        [IndexModel([("outcome", ASCENDING)], name="undecided", partialFilterExpression={"outcome": "undecided"})]
    )
    assert await migrate.run(service, finish=False) == 0
    assert "undecided" in await collection_of(Settlement).index_information()
    assert await migrate.run(service, finish=True) == 0
    assert sorted(await collection_of(Settlement).index_information()) == [
        "_id_",
        "ends_at_1",
        "undecided_1_district_1__id_1",
        "worker_1_ends_at_1",
    ]
