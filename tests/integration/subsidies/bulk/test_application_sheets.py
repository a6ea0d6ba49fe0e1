"""A sheet of applications: every row is answered, and nothing is made twice."""

from __future__ import annotations

from typing import Any

from services.subsidies.applications.documents import Application
from services.subsidies.bulk.documents import ApplicationSheetRow
from shared.storage.client import storage
from tests.harness import Harness, bearer, eventually
from tests.integration.subsidies.filing import FIRST, OCCUPATION, PATH, officer, read, trained

SHEETS = "/v1/application-sheets"
HEAD = "人员编号,姓名,区县,委托书编号,委托书截止日期,收款户名,银行账号,证书编号"


def sheet(*workers: str, account: str = "6222020000000000001", until: str = "2099-12-31") -> bytes:
    rows = [f"{one},李测试,旌阳区,委2026-7,{until},李测试,{account},DY{one}" for one in workers]
    return "\r\n".join([HEAD, *rows]).encode("gb18030")


async def applications_of(party: str) -> list[Application]:
    return await Application.find({"parties": party}).sort("applicant_id").to_list()


async def send(subsidies: Harness, who: dict[str, str], content: bytes, kind: str = "training") -> Any:
    sent = await subsidies.http.post(SHEETS, params={"kind": kind}, content=content, headers=who)
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
    content = sheet("b-001", "b-002", "b-001") + "\r\nb-003,李,成都市,委1,2099-12-31,,x,".encode("gb18030")
    done = await send(subsidies, union, content)
    assert (done["rows"], done["submitted"], done["refused"], done["waiting"]) == (4, 2, 2, 0)
    submitted = await rows(subsidies, union, done["sheet_id"], "submitted")
    filed = await applications_of("union:union:sheets")
    assert [(one["cell"], one["application_id"]) for one in submitted] == [("A2", filed[0].id), ("A3", filed[1].id)]
    refused = await rows(subsidies, union, done["sheet_id"], "refused")
    assert [[wrong["cell"] for wrong in one["wrong"]] for one in refused] == [["A4"], ["C5", "F5", "G5", "H5"]]
    table = await subsidies.http.get(f"{SHEETS}/{done['sheet_id']}/refusals", params={"format": "csv"}, headers=union)
    assert "A4" in table.text
    assert "G5" in table.text


async def test_a_row_is_an_application_in_a_persons_name(subsidies: Harness) -> None:
    await trained(subsidies, "w-sheet")
    platform = subsidies.headers("platform", uscc="91510600MA0000001E")
    found = await subsidies.http.get("/v1/certificates", headers=bearer("worker", worker_id="w-sheet"))
    number = found.json()["items"][0]["number"]
    row = f"w-sheet,试样甲,510603,委2026-8,2099-12-31,试样甲,6222020000000001234,{number}"
    done = await send(subsidies, platform, f"{HEAD},参加机关事业单位养老保险\r\n{row},否".encode())
    (answer,) = await rows(subsidies, platform, done["sheet_id"], "submitted")
    shown = await read(subsidies, answer["application_id"], officer(FIRST))
    assert (shown["state"], shown["kind"], shown["name"], shown["proposal"]["met"]) == (
        "submitted",
        "training",
        "试**",
        True,
    )
    filed = await Application.get(answer["application_id"])
    assert filed is not None
    assert filed.agent is not None
    assert (filed.agent.party, filed.agent.mandate) == ("platform:91510600MA0000001E", "委2026-8")
    assert [f"training:w-sheet:course:{OCCUPATION}"] == filed.proposal.once[:1]  # type: ignore[union-attr]
    for reader in (bearer("worker", worker_id="w-sheet"), platform):
        assert (await subsidies.http.get(f"{PATH}/{filed.id}", headers=reader)).status_code == 200
    other = subsidies.headers("platform", uscc="91510600MA0000002E")
    assert (await subsidies.http.get(f"{PATH}/{filed.id}", headers=other)).status_code == 404


async def test_months_are_applied_for_by_a_sheet_too(subsidies: Harness) -> None:
    union = subsidies.headers("union", sub="union:months")
    head = HEAD.replace("证书编号", "人员类别,起始月份,截止月份,已签灵活就业承诺书")
    who = "m-001,李测试,广汉市,委1,2099-12-31,李测试,6222020000000000001"
    content = f"{head}\r\n{who},就业困难人员,2026-03,2026-06,是\r\n{who},就业困难人员,2026-06,2026-03,否"
    done = await send(subsidies, union, content.encode(), "flexible")
    assert (done["submitted"], done["refused"]) == (1, 1)
    (refused,) = await rows(subsidies, union, done["sheet_id"], "refused")
    assert [wrong["cell"] for wrong in refused["wrong"]] == ["J3"]
    (filed,) = await applications_of("union:union:months")
    assert (filed.kind, filed.district, filed.applicant_id) == ("flexible", "510681", "m-001")
    shown = await read(subsidies, filed.id, officer(FIRST, "510681"))
    assert (shown["stated"]["first"], shown["stated"]["pledge"]) == ("2026-03", True)


async def test_what_a_rule_refuses_is_the_rows_answer(subsidies: Harness) -> None:
    platform = subsidies.headers("platform", uscc="91510600MA0000000X")
    over = sheet("c-001", until="2020-01-01").decode("gb18030").partition("\r\n")[2]
    done = await send(subsidies, platform, sheet("c-002") + f"\r\n{over}".encode("gb18030"))
    assert (done["submitted"], done["refused"]) == (1, 1)
    (refused,) = await rows(subsidies, platform, done["sheet_id"], "refused")
    assert refused["wrong"] == [{"cell": "A3", "zh": "委托书已过期", "en": "the mandate is over"}]
    filed = await applications_of("platform:91510600MA0000000X")
    assert [one.applicant_id for one in filed] == ["c-002"]


async def test_a_holder_that_no_bank_takes_is_the_rows_answer(subsidies: Harness) -> None:
    """And not the officers' problem when it was approved."""
    union = subsidies.headers("union", sub="union:holders")
    head, row, _ = sheet("h-001", "h-002").decode("gb18030").split("\r\n")
    strange = row.replace(",李测试,6222", ",李\x07测试,6222")
    done = await send(subsidies, union, "\r\n".join([head, strange, row.replace("h-001", "h-002")]).encode("gb18030"))
    assert (done["submitted"], done["refused"]) == (1, 1)
    (refused,) = await rows(subsidies, union, done["sheet_id"], "refused")
    assert [wrong["zh"] for wrong in refused["wrong"]] == ["户名有误"]


async def test_the_same_sheet_twice_is_one(subsidies: Harness) -> None:
    union = subsidies.headers("union", sub="union:twice")
    first = await send(subsidies, union, sheet("d-001", "d-002"))
    again = await send(subsidies, union, sheet("d-001", "d-002"))
    assert again == first
    listed = await subsidies.http.get(SHEETS, headers=union)
    assert [one["sheet_id"] for one in listed.json()["items"]] == [first["sheet_id"]]
    assert [one.applicant_id for one in await applications_of("union:union:twice")] == ["d-001", "d-002"]
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


async def test_more_rows_than_go_at_once_are_all_answered(subsidies: Harness) -> None:
    union = subsidies.headers("union", sub="union:many")
    done = await send(subsidies, union, sheet(*(f"f-{number:04d}" for number in range(130))))
    assert (done["rows"], done["submitted"]) == (130, 130)
    assert len(await applications_of("union:union:many")) == 130


async def test_a_sheet_needs_a_kind_that_takes_one(subsidies: Harness) -> None:
    union = subsidies.headers("union", sub="union:kind")
    form = await subsidies.http.get(f"{SHEETS}/form", params={"kind": "training"}, headers=union)
    assert form.status_code == 200
    assert form.content.startswith(b"PK")
    none = await subsidies.http.post(SHEETS, params={"kind": "hardship"}, content=sheet("g-001"), headers=union)
    assert (none.status_code, none.json()["type"]) == (422, "/problems/no-sheet-for-kind")
    bad = await subsidies.http.post(SHEETS, params={"kind": "training"}, content=b"\xff\xff", headers=union)
    assert bad.status_code == 422
