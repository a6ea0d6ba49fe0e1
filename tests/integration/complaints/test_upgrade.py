"""A database of the first version, brought to what this one reads."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest_asyncio
from bson import Decimal128
from pymongo import ASCENDING, IndexModel

from services.complaints.app import service
from services.complaints.cases.documents import Case
from services.complaints.inspections.documents import Inspection, Origin
from services.complaints.joint.documents import JointTask
from services.complaints.leads.documents import Lead
from services.complaints.pay.documents import Settlement
from shared import migrate
from shared.contracts.complaints import Category
from shared.contracts.complaints.pay_findings import BelowMinimum
from shared.storage import client
from shared.storage.client import Row, collection_of
from shared.storage.transaction import Transaction, transact
from shared.storage.writes import encode


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def database(mongo_uri: str) -> AsyncIterator[None]:
    await client.connect(mongo_uri, f"test_{uuid.uuid4().hex[:12]}", service.documents, unhurried=True)
    yield
    client.disconnect()


SETTLEMENT = "91510600MA00000172|S-1"


def lead_of_the_first_version(lead_id: str, contract: str | None) -> Row:
    made = dt.datetime(2026, 10, 2, 8, tzinfo=dt.UTC)
    return {
        "_id": lead_id,
        "revision": 3,
        "created_at": made,
        "updated_at": made,
        "kind": "pay_below_minimum",
        "platform": "91510600MA00000172",
        "worker_ref": "rider-7",
        "settlement_id": "S-1",
        "period_start": dt.datetime(2026, 9, 1, tzinfo=dt.UTC),
        "period_end": dt.datetime(2026, 9, 30, tzinfo=dt.UTC),
        "district": "510603",
        "intervals": 1,
        "working_seconds": 3600,
        "pay": Decimal128("10.00"),
        "minimum": Decimal128("19.00"),
        "shortfall": Decimal128("9.00"),
        "used": [],
        "verified": False,
        "waiting_percent": Decimal128("0"),
        "agreement_id": contract,
    }


def settlement_of_the_first_version(lead_id: str) -> Row:
    begun = dt.datetime(2026, 8, 31, 16, tzinfo=dt.UTC)
    row = encode(
        Settlement(
            id=SETTLEMENT,
            revision=1,
            worker="91510600MA00000172|rider-7",
            platform="91510600MA00000172",
            settlement_id="S-1",
            worker_ref="rider-7",
            period_start=dt.date(2026, 9, 1),
            period_end=dt.date(2026, 9, 30),
            starts_at=begun,
            ends_at=begun + dt.timedelta(days=30),
            gross=Decimal("10.00"),
            deductions=[],
        )
    )
    return {name: value for name, value in row.items() if name != "leads"} | {"lead_id": lead_id}


async def test_leads_of_old_are_read_as_those_of_today() -> None:
    """With the contract that they were raised under, and known again by their settlement; also when they are stored again."""
    await collection_of(Lead).insert_many(
        [lead_of_the_first_version("old-1", "contract-9"), lead_of_the_first_version("old-2", None)]
    )
    await collection_of(Settlement).insert_one(settlement_of_the_first_version("old-1"))
    assert await migrate.run(service, finish=False) == 0
    kept, other = await Lead.of("old-1"), await Lead.of("old-2")
    assert kept is not None
    assert other is not None
    found = kept.found
    without = other.found
    assert isinstance(found, BelowMinimum)
    assert isinstance(without, BelowMinimum)
    assert (found.pay, found.due, found.shortfall, found.orders) == ("10.00", "19.00", "9.00", 1)
    assert (found.period_start, found.period_end) == (dt.date(2026, 9, 1), dt.date(2026, 9, 30))
    assert found.parts[0].collective_contract_id == "contract-9"
    assert without.parts[0].collective_contract_id is None
    assert (kept.state, kept.departments[0], kept.lead_department) == ("raised", "hrss", "hrss")
    settlement = await Settlement.of(SETTLEMENT)
    assert settlement is not None
    assert settlement.leads == {"pay_below_hourly_minimum": "old-1"}
    assert (await collection_of(Lead).find_one({"_id": "old-1"}) or {})["agreement_id"] == "contract-9"

    async def store(tx: Transaction) -> None:
        await kept.put(tx)

    await transact(store)
    again = await Lead.of("old-1")
    assert again is not None
    assert again.found == found


async def test_the_index_that_nothing_uses_any_more_goes() -> None:
    await collection_of(Settlement).create_indexes(
        [IndexModel([("outcome", ASCENDING)], name="undecided", partialFilterExpression={"outcome": "undecided"})]
    )
    assert await migrate.run(service, finish=False) == 0
    assert "undecided" in await collection_of(Settlement).index_information()
    assert await migrate.run(service, finish=True) == 0
    assert sorted(await collection_of(Settlement).index_information()) == [
        "_id_",
        "ends_at_1__id_1",
        "undecided_1_district_1__id_1",
        "worker_1_ends_at_1",
        "worker_1_replaces_1",
    ]


async def test_inspections_of_old_get_the_circle_of_their_case() -> None:
    """Also by an earlier inspection; with the inspection that comes of nothing sensitive left open to all."""
    cases: dict[str, Category | None] = {"sensitive": "discrimination", "plain": None}
    await collection_of(Case).insert_many([case_of_old(case_id, circle) for case_id, circle in cases.items()])
    origins = {
        "1": {"kind": "case", "id": "sensitive"},
        "2": {"kind": "inspection", "id": "1"},
        "3": {"kind": "case", "id": "plain"},
        "4": {"kind": "lead", "id": "lead"},
        "5": None,
    }
    await collection_of(Inspection).insert_many([inspection_of_old(*one) for one in origins.items()])
    await collection_of(JointTask).insert_one(joint_task_of_old({"kind": "inspection", "id": "1"}))
    assert await migrate.run(service, finish=False) == 0
    found = {one.id: one.circle async for one in Inspection.find_all()}
    assert found == {"1": "discrimination", "2": "discrimination", "3": None, "4": None, "5": None}
    assert [one.circle async for one in JointTask.find_all()] == ["discrimination"]
    outside = {"circle": {"$nin": ["discrimination"]}}
    assert {one.id async for one in Inspection.find(outside)} == {"3", "4", "5"}
    assert await migrate.run(service, finish=True) == 0
    assert {one.id: one.circle async for one in Inspection.find_all()} == found


def case_of_old(case_id: str, circle: Category | None) -> Row:
    return encode(
        Case(
            id=case_id,
            number=case_id,
            worker_id="w-1",
            platform=None,
            category="discrimination",
            category_chosen=True,
            article="4",
            departments=["hrss"],
            lead_department="hrss",
            district="510603",
            occurred_on=dt.date(2026, 9, 1),
            continuing=False,
            text="",
            accept_by=dt.date(2026, 9, 8),
            provisional=False,
            used=[],
            circle=circle,
        )
    )


def inspection_of_old(inspection_id: str, origin: Row | None) -> Row:
    row = encode(
        Inspection(
            id=inspection_id,
            number=inspection_id,
            campaign_id="c-1",
            kind="special",
            enterprise="91510600MA00000172",
            department="hrss",
            district="510603",
            items=[],
            inspectors=[],
            by_lot=False,
            origin=None if origin is None else Origin(**origin),
            visit_by=dt.date(2026, 9, 30),
        )
    )
    return {name: value for name, value in row.items() if name != "circle"}


def joint_task_of_old(origin: Row) -> Row:
    row = encode(
        JointTask(
            id="j-1",
            number="j-1",
            article="4",
            enterprise="91510600MA00000172",
            district="510603",
            lead_department="hrss",
            departments=[],
            origin=Origin(**origin),
            opened_by="o-1",
            subject="",
            parts=[],
            used=[],
        )
    )
    return {name: value for name, value in row.items() if name != "circle"}
