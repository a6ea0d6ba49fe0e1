"""An insurance service that dies by SIGKILL while months are reckoned again by another law tells each of them, and none twice."""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest

from services.insurance.app import service
from services.insurance.dues import rules
from services.insurance.dues.amounts import INSURANCES
from services.insurance.dues.commands import MONTHS
from services.insurance.dues.documents import DuesMonth, EmployedPerson, Figure, MonthDue, UnitMonth
from services.insurance.tax.documents import TaxStatement
from shared.contracts.insurance import DuesDeclared
from shared.storage.client import storage
from tests.harness import eventually
from tests.integration.dying import own
from tests.integration.insurance.conftest import lines
from tests.integration.insurance.facts import new_platform

UNITS, MONTH, FIRST = 5, "2026-09", dt.date(2026, 9, 1)
DUE = dt.date(2026, 10, 26)
FIGURES = {
    "base": {"floor": "4000", "cap": "20000"},
    "medical": {"employer": "0.075", "worker": "0.02"},
    "unemployment": {"employer": "0.006", "worker": "0.004"},
}


async def declared_by_another_law(units: list[str]) -> None:
    """Months that were declared while one row of the parameters was another."""
    await DuesMonth(id=MONTHS, since=MONTH, law=rules.rows()[1:], revision=1).insert()
    for kind, values in FIGURES.items():
        row = {"kind": kind, "unit": None, "since": FIRST, "values": values, "source": "通知", "set_by": "officer"}
        await Figure(id=f"{kind}|all|{FIRST}", **row).insert()
    for unit in units:
        row = {
            "kind": "work_injury",
            "unit": unit,
            "since": FIRST,
            "values": {"class": "2"},
            "source": "通知",
            "set_by": "o",
        }
        await Figure(id=f"work_injury|{unit}|{FIRST}", **row).insert()
        worker = f"person-{unit}"
        await EmployedPerson(id=worker).insert()
        about = {"unit": unit, "month": MONTH, "due_on": DUE}
        await MonthDue(
            id=MonthDue.id_of(unit, worker, MONTH), worker_id=worker, engagement_id=f"{unit}-w", district="510603",
            state="overdue", wage=Decimal(5000), wage_by="employer", missing=list(INSURANCES), revision=1, **about,
        ).insert()  # fmt: skip
        amounts = {insurance: Decimal(1) for insurance in INSURANCES}
        await UnitMonth(id=f"{unit}|{MONTH}", declared=True, people=1, amounts=amounts, revision=1, **about).insert()


@pytest.mark.parametrize("place", ["transaction.stored", "relay.published", "work.attempted"])
async def test_a_kill_tells_each_month_of_another_law_once(
    place: str, province: httpx2.AsyncClient, kafka_bootstrap: str, tmp_path: Path
) -> None:
    assert (await province.post("/sandbox/behaviour", json={})).is_success
    units = [new_platform() for _ in range(UNITS)]
    async with own(service, kafka_bootstrap, tmp_path, lines(province)) as doomed:
        await declared_by_another_law(units)
        await doomed.killed_at(place, lambda _: asyncio.sleep(0))  # it dies of what it finds
        async with doomed.serving():

            async def all_told() -> bool:
                return await TaxStatement.find({"state": "accepted"}).count() == UNITS

            await eventually(all_told, 90)
        told = await storage().collection("outbox").find({"type": DuesDeclared.TYPE}).to_list(None)
        statements = await TaxStatement.find_all().to_list()
    assert len(told) == UNITS
    assert sorted(one.number for one in statements) == sorted(f"contributions|{unit}|{MONTH}:1" for unit in units)
    assert {one.amounts["pension"] for one in statements} == {Decimal("1200.00")}
