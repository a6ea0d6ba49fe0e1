"""What both sides hand in for a case, who sees it, and what an officer shows to whom."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from shared.ids import new_id
from shared.storage.audit import AuditEntry
from tests.harness import Harness, bearer
from tests.integration.complaints.course import Course, course, today

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


async def hand_in(complaints: Harness, path: str, who: dict[str, str]) -> str:
    answer = await complaints.http.post(
        path,
        data={"about": "工资条"},
        files={"file": ("a.png", PNG, "image/png")},
        headers={**who, "Idempotency-Key": new_id()},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["evidence_id"])


async def asked(case: Course) -> str:
    await case.do("acceptance", case.handler)
    inquiry = await case.do("inquiry", case.handler, {"question_zh": "请说明报酬支付情况。"})
    return str(inquiry["inquiry_id"])


async def test_each_side_sees_the_others_file_when_it_is_shown(complaints: Harness) -> None:
    case = await course(complaints, "w-files")
    inquiry_id = await asked(case)
    theirs, ours = f"/v1/platform-cases/{inquiry_id}/evidence", f"/v1/cases/{case.case_id}/evidence"
    by_worker = await hand_in(complaints, f"/v1/cases/{case.case_id}/evidence", case.worker)
    bill = await hand_in(complaints, f"/v1/platform-cases/{inquiry_id}/evidence", case.platform)
    hidden = [
        complaints.http.get(f"{theirs}/{by_worker}/content", headers=case.platform),
        complaints.http.get(f"{ours}/{bill}/content", headers=case.worker),
    ]
    assert [(await one).status_code for one in hidden] == [404, 404]
    await case.do(f"evidence/{by_worker}/showing", case.handler, {"party": "enterprise"})
    await case.do(f"evidence/{bill}/showing", case.handler, {"party": "reporter"})
    assert (await complaints.http.get(f"{theirs}/{by_worker}/content", headers=case.platform)).content == PNG
    assert (await complaints.http.get(f"{ours}/{bill}/content", headers=case.worker)).content == PNG
    read = await complaints.http.get(f"/v1/cases/{case.case_id}/evidence/{bill}/content", headers=case.handler)
    assert read.content == PNG
    actions = [one.action for one in await AuditEntry.find({"about": bill}).to_list()]
    assert actions == ["evidence.shown", "evidence.read"]


async def test_a_step_names_its_inspectors_and_its_files(complaints: Harness) -> None:
    case = await course(complaints, "w-step")
    await asked(case)
    file_id = await hand_in(complaints, f"/v1/cases/{case.case_id}/evidence", case.handler)
    step = {"kind": "hearing_enterprise", "taken_on": today(), "officers": ["h-1", "a-1"], "record": "听取陈述"}
    await case.do("steps", case.handler, step | {"evidence": ["no-such-file"]}, expect=404)
    await case.do("steps", case.handler, step | {"evidence": [file_id]}, expect=201)
    listed = (await complaints.http.get(f"/v1/cases/{case.case_id}/steps", headers=case.approver)).json()["items"]
    assert [(one["record"], one["evidence"]) for one in listed] == [("听取陈述", [file_id])]
    assert [one["officer"] for one in listed[0]["participants"]] == ["h-1", "a-1"]
    assert all(one["certificate"] for one in listed[0]["participants"])


async def test_a_person_whom_the_officer_adds_reads_the_case(complaints: Harness) -> None:
    case = await course(complaints, "w-leader")
    added = bearer("worker", worker_id="w-added")
    assert (await complaints.http.get(f"/v1/cases/{case.case_id}", headers=added)).status_code == 404
    assert (await case.do("members", case.handler, {"worker_id": "w-added"}))["people"] == 2
    assert (await case.read(added))["case_id"] == case.case_id


HOSTILE = {
    "../../../etc/cron.d/x": "x.png",
    "C:\\Users\\x\\工资条.PNG": "工资条.PNG",
    "photo.html": "photo.html.png",
    "\u202egnp.exe": "gnp.exe.png",
    "a\tb\u2028c\x7f.png": "abc.png",
    " ": "未命名.png",
    "𠮷" * 300: "𠮷" * 200 + ".png",
}
"""Names as they come, and those under which the files are saved."""


@pytest.mark.parametrize(("given", "saved"), HOSTILE.items())
async def test_a_file_is_saved_as_what_it_is(complaints: Harness, given: str, saved: str) -> None:
    case = await course(complaints, f"w-{new_id()}")
    polyglot = PNG + b"PK\x03\x04<html><script>alert(1)</script>"
    path = f"/v1/cases/{case.case_id}/evidence"
    name = given.replace("\\", "\\\\")
    part = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    body = part.encode() + b"Content-Type: text/html\r\n\r\n" + polyglot
    body += b'\r\n--b\r\nContent-Disposition: form-data; name="about"\r\n\r\nx\r\n--b--\r\n'
    headers = {**case.worker, "Idempotency-Key": new_id(), "Content-Type": "multipart/form-data; boundary=b"}
    kept = await complaints.http.post(path, content=body, headers=headers)
    assert kept.status_code == 201, kept.text
    assert kept.json()["name"] == saved
    read = await complaints.http.get(f"{path}/{kept.json()['evidence_id']}/content", headers=case.worker)
    shown = read.headers
    assert shown["content-disposition"] == f"attachment; filename*=UTF-8''{quote(saved, safe='')}"
    assert (shown["content-type"], shown["x-content-type-options"]) == ("image/png", "nosniff")
    assert (shown["cache-control"], read.content) == ("no-store", polyglot)


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "utf-16", "zlib", "no-such"])
async def test_a_strange_charset_breaks_nothing(complaints: Harness, charset: str) -> None:
    case = await course(complaints, f"w-{new_id()}")
    body = b'--b\r\nContent-Disposition: form-data; name="about"\r\n\r\n+2AA-\\ud800\\u0000\r\n'
    body += (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="+2AA-\\ud800.png"\r\n\r\n'
        + PNG
        + b"\r\n--b--\r\n"
    )
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    headers = {**case.worker, "Idempotency-Key": new_id(), "Content-Type": kind}
    answer = await complaints.http.post(f"/v1/cases/{case.case_id}/evidence", content=body, headers=headers)
    assert answer.status_code in {201, 400, 422}, answer.text


async def test_no_name_of_a_file_tells_who_reports(complaints: Harness) -> None:
    case = await course(complaints, "w-named", confidential=True)
    inquiry_id = await asked(case)
    path = f"/v1/cases/{case.case_id}"
    number = (await case.read(case.handler))["number"]
    for told in ({"about": f"{number}号投诉的照片"}, {"about": "现场照片", "name": "w-named.png"}):
        kept = await complaints.http.post(
            f"{path}/evidence",
            data={"about": told["about"]},
            files={"file": (told.get("name", "a.png"), PNG, "image/png")},
            headers={**case.handler, "Idempotency-Key": new_id()},
        )
        shown = f"{path}/evidence/{kept.json()['evidence_id']}/showing"
        answer = await complaints.http.post(shown, json={"party": "enterprise"}, headers=case.handler)
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "would-tell-reporter")
    plain = await hand_in(complaints, f"{path}/evidence", case.handler)
    await case.do(f"evidence/{plain}/showing", case.handler, {"party": "enterprise"})
    listed = await complaints.http.get(f"/v1/platform-cases/{inquiry_id}/evidence", headers=case.platform)
    assert [one["evidence_id"] for one in listed.json()["items"]] == [plain]
