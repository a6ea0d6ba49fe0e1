"""A subsidies service that dies by SIGKILL at a step of a sheet: every row is answered once, and no application is made twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.subsidies.app import service
from services.subsidies.applications.documents import Application
from services.subsidies.bulk.documents import ApplicationSheet, ApplicationSheetRow
from shared.contracts.subsidies import ApplicationSubmitted
from shared.storage.client import storage
from tests.harness import bearer, eventually
from tests.integration.dying import own
from tests.integration.subsidies.bulk.test_application_sheets import SHEETS, sheet

ROWS = 250
"""More than two portions."""
PLACES = ["application_sheet.kept", "application_sheet.submitted", "application_sheet.portion"]
UNION = "union:dies"
CONTENT = sheet(*(f"dies-{number:04d}" for number in range(ROWS)), account="6222020000000000001")
CONTENT += "\r\ndies-bad,李测试,旌阳区,委2026-7,2020-01-01,李测试,6222020000000000001,DY".encode("gb18030")
CONTENT += "\r\ndies-worse,李测试,成都市,委2026-7,2099-12-31,李测试,6222020000000000001,DY".encode("gb18030")


async def drive(port: int) -> ApplicationSheet:
    """Send the sheet, as a union does that sends it again where nobody has answered, and wait for its end."""
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
        who = bearer("union", sub=UNION)
        sent = await http.post(SHEETS, params={"kind": "training"}, content=CONTENT, headers=who)
        assert sent.status_code == 202, sent.text

    async def finished() -> ApplicationSheet | None:
        found = await ApplicationSheet.get(sent.json()["sheet_id"])
        return found if found is not None and found.state == "finished" else None

    return await eventually(finished, 180)  # the lease of who died runs out first


@pytest.mark.parametrize("place", PLACES)
async def test_a_kill_at_a_step_answers_each_row_once(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        await doomed.killed_at(place, drive)
        async with doomed.serving():
            done = await drive(doomed.port)
        rows = await ApplicationSheetRow.find({"sheet": done.id}).sort("_id").to_list()
        filed = await Application.find().to_list()
        told: list[Any] = await storage().collection("outbox").find({"type": ApplicationSubmitted.TYPE}).to_list(None)
    assert [one.cell for one in rows] == [*(f"A{line}" for line in range(2, ROWS + 3)), f"C{ROWS + 3}"]
    assert [one.state for one in rows] == ["submitted"] * ROWS + ["refused"] * 2
    assert (done.rows, done.submitted, done.refused) == (ROWS + 2, ROWS, 2)
    assert Counter(one.applicant_id for one in filed) == Counter(f"dies-{number:04d}" for number in range(ROWS))
    assert {one.application_id for one in rows} - {None} == {one.id for one in filed}
    assert (len(told), len({one["key"] for one in told})) == (ROWS, ROWS)
