"""What other departments say of enterprises: one by one, by a sheet, taken back; and who reads it."""

from __future__ import annotations

import io
from typing import Any

import httpx2
import xlsxwriter

from services.registry.department_records.documents import DepartmentRecord
from services.registry.department_records.rules import COLUMNS
from shared.contracts.registry import DepartmentRecordRecorded, DepartmentRecordWithdrawn
from shared.storage.client import collection_of
from tests.harness import Harness, bearer, eventually
from tests.integration.registry.firms import Firms
from tests.unit.identity.numbers import make_uscc

PATH = "/v1/department-records"
SHEETS = "/v1/department-record-sheets"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def of(firms: Firms, department: str, district: str = "510600") -> dict[str, str]:
    return firms.registry.headers("officer", department=department, district=district)


def said(firms: Firms, number: str, **fields: Any) -> dict[str, Any]:
    body = {"uscc": firms.partner, "kind": "penalty", "number": number, "authority": "德阳市市场监督管理局"}
    return body | {"decided_on": firms.day(-3), "text": "罚款5000元，负责人张三"} | fields


async def send(firms: Firms, body: dict[str, Any], department: str = "market") -> httpx2.Response:
    return await firms.http.post(PATH, json=body, headers=of(firms, department))


async def told(firms: Firms, kind: type[Any]) -> list[Any]:
    return [one for one in await firms.registry.told(kind) if one.uscc == firms.partner]


async def begin(registry: Harness) -> Firms:
    firms = Firms(registry)
    await firms.on_file()
    return firms


async def test_a_penalty_of_another_department_is_on_file(registry: Harness) -> None:
    firms = await begin(registry)
    number = f"罚〔{firms.partner}〕1号"
    answer = await send(firms, said(firms, number))
    assert answer.status_code == 201, answer.text
    kept = answer.json()
    assert (kept["department"], kept["state"], kept["text"]) == ("market", "recorded", "罚款5000元，负责人张三")
    assert (await send(firms, said(firms, number))).json()["record_id"] == kept["record_id"]
    assert len(await told(firms, DepartmentRecordRecorded)) == 1
    again = await send(firms, said(firms, number, text="罚款3000元"))
    assert again.json()["text"] == "罚款3000元"
    assert len(await told(firms, DepartmentRecordRecorded)) == 2
    assert "张三" not in str(await told(firms, DepartmentRecordRecorded))
    row = await collection_of(DepartmentRecord).find_one({"_id": kept["record_id"]})
    assert "罚款" not in str(row)

    async def gathered() -> dict[str, Any] | None:
        read = await firms.http.get(
            f"/v1/enterprises/{firms.partner}/dossier", headers=of(firms, "transport", "510603")
        )
        return next((one for one in read.json()["items"] if one["title"] == "部门信息归集"), None)

    fact = await eventually(gathered)
    assert (fact["data"]["department"], fact["data"]["authority"]) == ("market", "德阳市市场监督管理局")
    public = await firms.http.get(
        f"/v1/enterprises/{firms.partner}/credit-record", headers=bearer("worker", worker_id="x")
    )
    assert public.json()["facts"] == []


async def test_a_record_is_read_by_departments_and_its_enterprise(registry: Harness) -> None:
    firms = await begin(registry)
    record_id = (await send(firms, said(firms, f"罚〔{firms.partner}〕2号"))).json()["record_id"]
    own, other = (bearer("platform", uscc=code) for code in (firms.partner, firms.platform))
    assert (await firms.http.get(f"{PATH}/{record_id}", headers=own)).status_code == 200
    assert (await firms.http.get(f"{PATH}/{record_id}", headers=other)).status_code == 404
    assert (await firms.http.get(PATH, params={"uscc": firms.partner}, headers=other)).status_code == 403
    listed = (await firms.http.get(PATH, headers=own)).json()["items"]
    assert [one["record_id"] for one in listed] == [record_id]
    here = bearer("officer", department="transport", district="510681")
    assert (await firms.http.get(f"{PATH}/{record_id}", headers=here)).status_code == 200


async def test_only_its_department_takes_a_record_back(registry: Harness) -> None:
    firms = await begin(registry)
    body = said(firms, f"罚〔{firms.partner}〕3号")
    made = await send(firms, body)
    path, seen = f"{PATH}/{made.json()['record_id']}/withdrawal", {"If-Match": made.headers["etag"]}
    reason = {"reason": "处罚决定已撤销"}
    assert (await firms.http.post(path, json=reason, headers=of(firms, "transport") | seen)).status_code == 404
    back = await firms.http.post(path, json=reason, headers=of(firms, "market") | seen)
    assert (back.json()["state"], back.json()["withdrawal"]) == ("withdrawn", "处罚决定已撤销")
    twice = await firms.http.post(path, json=reason, headers=of(firms, "market") | {"If-Match": back.headers["etag"]})
    assert twice.status_code == 409
    assert len(await told(firms, DepartmentRecordWithdrawn)) == 1
    assert (await send(firms, body)).json()["state"] == "recorded"
    # the same number of another department is another document
    assert (await send(firms, body, "transport")).json()["record_id"] != made.json()["record_id"]


async def test_a_record_that_names_another_enterprise_goes_there(registry: Harness) -> None:
    firms = await begin(registry)
    number = f"罚〔{firms.partner}〕4号"
    await send(firms, said(firms, number))
    moved = await send(firms, said(firms, number, uscc=firms.platform))
    assert moved.json()["uscc"] == firms.platform
    assert len(await told(firms, DepartmentRecordWithdrawn)) == 1
    nobody = await send(firms, said(firms, number, uscc=make_uscc("MA00000X9")))
    assert nobody.status_code == 404
    assert (await send(firms, said(firms, number, decided_on=firms.day(1)))).status_code == 422


async def test_a_sheet_brings_many_and_names_what_is_wrong(registry: Harness) -> None:
    firms = await begin(registry)

    def row(number: str, uscc: str = "", day: str = "") -> list[str]:
        number = f"检〔{firms.partner}〕{number}"
        return [uscc or firms.partner, "抽查检查结果", number, "德阳市交通运输局", day or firms.day(-9), "未发现问题"]

    rows = [list(COLUMNS), row("1"), row("2", day=firms.day(2)), row("3", uscc=firms.agency), row("4", uscc="1")]
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        for line, cells in enumerate(rows):
            page.write_row(line, 0, cells)
    headers = of(firms, "transport") | {"Content-Type": XLSX}
    for _ in range(2):
        answer = await firms.http.post(SHEETS, content=file.getvalue(), headers=headers)
        assert answer.status_code == 200, answer.text
        said = answer.json()
        assert (said["rows"], said["recorded"]) == (4, 2)
        assert [one["cell"] for one in said["wrong"]] == ["E3", "A5"]
    assert [one.number for one in await told(firms, DepartmentRecordRecorded)] == [f"检〔{firms.partner}〕1"]
    csv = "\n".join(",".join(cells) for cells in (COLUMNS, row("5"), row("6", uscc=make_uscc("MA00000X9"))))
    answer = await firms.http.post(
        SHEETS, content=csv.encode("gb18030"), headers=headers | {"Content-Type": "text/csv"}
    )
    assert (answer.json()["recorded"], answer.json()["wrong"][0]["zh"]) == (1, "该企业未登记")
    damaged = await firms.http.post(SHEETS, content=b"PK\x03\x04", headers=headers)
    assert damaged.status_code == 422
    form = await firms.http.get(f"{SHEETS}/form", headers=of(firms, "transport"))
    assert form.status_code == 200
