"""A sheet of applications: every row is answered, and nothing is made twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from services.subsidies.bulk import commands
from services.subsidies.bulk.commands import SheetApplication
from services.subsidies.bulk.documents import ApplicationSheetRow
from services.subsidies.officers.documents import MoneyOfficer
from shared.errors import RuleBroken
from shared.storage.client import storage
from shared.storage.transaction import Transaction
from tests.harness import Harness, eventually

SHEETS = "/v1/application-sheets"
HEAD = "人员编号,收款户名,银行账号,证书编号"


async def _submit(asked: SheetApplication, tx: Transaction) -> str:
    """Stands in for applications: who comes twice is refused, and what was begun for them is undone."""
    worker = asked.values["worker_id"]
    known = await MoneyOfficer.of(worker, tx)
    await (known or MoneyOfficer(id=worker, district="510603", duties=[])).put(tx)
    if known is not None:
        raise RuleBroken("applied-already", "该人员已申请", "has applied already")
    return f"application-of-{worker}"


@pytest.fixture(autouse=True)
def _with_training() -> Iterator[None]:
    commands.submit_with("training", _submit)
    yield
    commands._submits.clear()


def sheet(*workers: str, account: str = "6222020000000000001") -> bytes:
    return "\r\n".join([HEAD, *(f"{worker},李测试,{account},DY{worker}" for worker in workers)]).encode("gb18030")


async def send(subsidies: Harness, who: dict[str, str], content: bytes) -> Any:
    sent = await subsidies.http.post(SHEETS, params={"kind": "training"}, content=content, headers=who)
    assert sent.status_code == 202, sent.text

    async def finished() -> Any:
        shown = await subsidies.http.get(f"{SHEETS}/{sent.json()['sheet_id']}", headers=who)
        return shown.json() if shown.json()["state"] == "finished" else None

    return await eventually(finished)


async def rows(subsidies: Harness, who: dict[str, str], sheet_id: str, state: str) -> Any:
    answer = await subsidies.http.get(f"{SHEETS}/{sheet_id}/rows", params={"state": state, "limit": "500"}, headers=who)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_a_bad_row_stops_no_good_one(subsidies: Harness) -> None:
    union = subsidies.headers("union", sub="union:sheets")
    content = sheet("b-001", "b-002", "b-001") + "\r\nb-003,,x,".encode("gb18030")
    done = await send(subsidies, union, content)
    assert (done["rows"], done["submitted"], done["refused"], done["waiting"]) == (4, 2, 2, 0)
    submitted = await rows(subsidies, union, done["sheet_id"], "submitted")
    assert [(one["cell"], one["application_id"]) for one in submitted] == [
        ("A2", "application-of-b-001"),
        ("A3", "application-of-b-002"),
    ]
    refused = await rows(subsidies, union, done["sheet_id"], "refused")
    assert [[wrong["cell"] for wrong in one["wrong"]] for one in refused] == [["A4"], ["B5", "C5", "D5"]]
    table = await subsidies.http.get(f"{SHEETS}/{done['sheet_id']}/refusals", params={"format": "csv"}, headers=union)
    assert "A4" in table.text
    assert "C5" in table.text


async def test_what_a_rule_refuses_is_the_rows_answer(subsidies: Harness) -> None:
    platform = subsidies.headers("platform", uscc="91510600MA0000000X")
    await send(subsidies, platform, sheet("c-001"))
    done = await send(subsidies, platform, sheet("c-001", "c-002"))
    assert (done["submitted"], done["refused"]) == (1, 1)
    (refused,) = await rows(subsidies, platform, done["sheet_id"], "refused")
    assert refused["wrong"][0] == {"cell": "A2", "zh": "该人员已申请", "en": "has applied already"}
    found = await MoneyOfficer.get("c-001")
    assert found is not None
    assert found.revision == 1, "what was begun for a refused row is undone"


async def test_the_same_sheet_twice_is_one(subsidies: Harness) -> None:
    union = subsidies.headers("union", sub="union:twice")
    first = await send(subsidies, union, sheet("d-001", "d-002"))
    again = await send(subsidies, union, sheet("d-001", "d-002"))
    assert again == first
    listed = await subsidies.http.get(SHEETS, headers=union)
    assert [one["sheet_id"] for one in listed.json()["items"]] == [first["sheet_id"]]
    other = subsidies.headers("union", sub="union:other")
    assert (await subsidies.http.get(f"{SHEETS}/{first['sheet_id']}", headers=other)).status_code == 404


async def test_what_rows_say_is_gone_when_they_are_answered(subsidies: Harness) -> None:
    union = subsidies.headers("union", sub="union:gone")
    done = await send(subsidies, union, sheet("e-001", account="6222020000000000077"))
    for row in await storage().collection("application_sheet_rows").find({"sheet": done["sheet_id"]}).to_list(None):
        assert row["said"] is None
        assert "李测试" not in str(row)
    found = await ApplicationSheetRow.get(f"{done['sheet_id']}:000002")
    assert found is not None
    assert found.values == {}


async def test_hundreds_of_rows_are_all_answered(subsidies: Harness) -> None:
    union = subsidies.headers("union", sub="union:many")
    done = await send(subsidies, union, sheet(*(f"f-{number:04d}" for number in range(250))))
    assert (done["rows"], done["submitted"]) == (250, 250)


async def test_a_sheet_needs_a_kind_that_takes_one(subsidies: Harness) -> None:
    union = subsidies.headers("union", sub="union:kind")
    form = await subsidies.http.get(f"{SHEETS}/form", params={"kind": "training"}, headers=union)
    assert form.status_code == 200
    assert form.content.startswith(b"PK")
    none = await subsidies.http.post(SHEETS, params={"kind": "hardship"}, content=sheet("g-001"), headers=union)
    assert (none.status_code, none.json()["type"]) == (422, "/problems/no-sheet-for-kind")
    bad = await subsidies.http.post(SHEETS, params={"kind": "training"}, content=b"\xff\xff", headers=union)
    assert bad.status_code == 422
