"""An insurance service that dies by SIGKILL while money is moved from one recourse to another moves it once, and tells it once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest

from services.insurance.app import service
from services.insurance.benefits.advance_documents import Advance
from services.insurance.debts.documents import Debt, Instalment
from shared.contracts.insurance import RecourseClosed, RecourseCorrected
from shared.storage.client import storage
from tests.harness import bearer, eventually
from tests.integration.dying import own
from tests.integration.insurance.conftest import lines
from tests.integration.insurance.facts import new_platform

DAY = dt.date(2026, 10, 8)
FROM, TO = "moved:a1", "moving:a1"


async def prepare(platform: str) -> None:
    """Two advances of 600 yuan; on the first one is recorded what was paid back of the other."""
    paid = Instalment(on=DAY, amount=Decimal(600), by="recorder")
    for number, debt in (
        (FROM, Debt(owed=Decimal(600), state="recovered", instalments=[paid], closed_on=DAY)),
        (TO, Debt(owed=Decimal(600))),
    ):
        await Advance(
            id=number, benefit_id=number[:-3], claim_id="c", worker_id="w", platform=platform, partner=new_platform(),
            district="510603", month=None, amount=Decimal(600), state="advanced", due_on=DAY, paid_on=DAY, recourse=debt,
            revision=1,
        ).insert()  # fmt: skip


async def move(port: int) -> httpx2.Response:
    """Move the money, as an officer who got no answer does again."""
    headers = bearer("officer", sub="second", department="hrss", district="510600")
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        return await http.post(
            f"/v1/advances/{FROM}/instalment-corrections",
            json={"number": 1, "reason": "误记", "to": TO},
            headers={**headers, "Idempotency-Key": "the-one-move"},
        )


@pytest.mark.parametrize("place", ["recourse.moving", "relay.published"])
async def test_a_kill_moves_the_money_once(
    place: str, province: httpx2.AsyncClient, kafka_bootstrap: str, tmp_path: Path
) -> None:
    async with own(service, kafka_bootstrap, tmp_path, lines(province)) as doomed:
        await prepare(new_platform())
        await doomed.killed_at(place, move)
        async with doomed.serving():
            assert (await move(doomed.port)).status_code == 201

            async def nothing_pending() -> bool:
                return await storage().collection("outbox").count_documents({"pending": True}) == 0

            await eventually(nothing_pending, 60)
        told = await storage().collection("outbox").find({}).to_list(None)
        stood = [await Advance.of(one) for one in (FROM, TO)]
    kinds = [row["type"] for row in told if row["type"] in (RecourseCorrected.TYPE, RecourseClosed.TYPE)]
    assert sorted(kinds) == sorted([RecourseClosed.TYPE, RecourseCorrected.TYPE])
    debts = [one.recourse for one in stood if one is not None and one.recourse is not None]
    assert [(one.state, one.repaid, len(one.instalments)) for one in debts] == [
        ("open", Decimal(0), 1),
        ("recovered", Decimal("600.00"), 1),
    ]
