"""What whoever has no token does in an investigation, by the number of their case and its code."""

from __future__ import annotations

from typing import Any

from services.complaints.cases import filing_api
from shared.contracts.complaints import RecusalAsked
from shared.ids import new_id
from tests.harness import Harness, bearer
from tests.integration.complaints.course import HERE, by_code, complaint
from tests.integration.complaints.staff import on_register

PNG = b"\x89PNG\r\n\x1a\n" + bytes(300)
EVIDENCE = "/v1/anonymous-reports/evidence"
ASKING = "/v1/anonymous-reports/recusal-requests"


async def reported(complaints: Harness) -> tuple[dict[str, str], str, dict[str, str]]:
    """A report without a name: its number and code, the case's id, and its officer's token."""
    filing_api._limiter.cache_clear()  # others have called before
    await on_register("hrss", HERE, subject="h-code", duties=["handler", "inspector"])
    await on_register("hrss", HERE, subject="c-code", duties=["chief", "approver"])
    receipt = (await complaints.http.post("/v1/anonymous-reports", json=complaint())).json()
    who = bearer("officer", department="hrss", district=HERE, sub="h-code")
    for row in (await complaints.http.get("/v1/cases", headers=who)).json()["items"]:
        if row["number"] == receipt["number"]:
            return {name: receipt[name] for name in ("number", "code")}, row["case_id"], who
    raise AssertionError("the case is not listed")


async def hand_in(complaints: Harness, by: dict[str, str], content: bytes = PNG, **fields: Any) -> Any:
    form: dict[str, Any] = {"data": {"about": "聊天记录"}, "files": {"file": ("a.png", content, "image/png")}} | fields
    return await complaints.http.post(EVIDENCE, headers=by, **form)


async def test_a_reporter_without_a_name_hands_in_a_file(complaints: Harness) -> None:
    code, case_id, officer = await reported(complaints)
    own = by_code(**code)
    kept = [(await hand_in(complaints, own)) for _ in range(2)]
    assert [answer.status_code for answer in kept] == [201, 201], kept[0].text
    assert kept[0].json() == kept[1].json()  # the same file is there once
    [listed] = (await complaints.http.get(EVIDENCE, headers=own)).json()["items"]
    assert (listed["about"], listed["party"], listed["shown_to"]) == ("聊天记录", "reporter", ["reporter", "officer"])
    path = f"{EVIDENCE}/{listed['evidence_id']}/content"
    assert (await complaints.http.get(path, headers=own)).content == PNG
    for_officer = (await complaints.http.get(f"/v1/cases/{case_id}/evidence", headers=officer)).json()["items"]
    assert [one["evidence_id"] for one in for_officer] == [listed["evidence_id"]]


async def test_a_file_needs_the_code_of_its_case(complaints: Harness) -> None:
    code, _, _ = await reported(complaints)
    other, _, _ = await reported(complaints)
    kept = (await hand_in(complaints, by_code(**code))).json()
    wrong = by_code(code["number"], other["code"])
    assert (await hand_in(complaints, wrong)).status_code == 404
    assert (await complaints.http.get(EVIDENCE, headers=wrong)).status_code == 404
    path = f"{EVIDENCE}/{kept['evidence_id']}/content"
    assert (await complaints.http.get(path, headers=by_code(**other))).status_code == 404
    for bad in ({}, {"Authorization": "Basic ***"}, by_code("x" * 61, "y"), bearer("worker", worker_id="w-1")):
        answer = await complaints.http.get(EVIDENCE, headers=bad)
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated"), answer.text


async def test_what_is_no_form_with_a_file_is_said(complaints: Harness) -> None:
    code, _, _ = await reported(complaints)
    own = by_code(**code)
    told: list[dict[str, Any]] = [{"data": {}}, {"data": {"about": ""}}, {"data": {"about": "长" * 501}}, {"files": {}}]
    for fields in told:
        answer = await hand_in(complaints, own, **fields)
        assert answer.status_code in (400, 422), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await hand_in(complaints, own, b"MZ" + bytes(100))).status_code == 422


async def test_a_reporter_without_a_name_asks_for_another_officer(complaints: Harness) -> None:
    code, case_id, officer = await reported(complaints)
    taken = await complaints.http.get(f"/v1/cases/{case_id}", headers=officer)
    accepted = await complaints.http.post(
        f"/v1/cases/{case_id}/acceptance", json={}, headers=officer | {"If-Match": taken.headers["etag"]}
    )
    assert accepted.status_code == 200, accepted.text
    handler = accepted.json()["handler"]
    asked = await complaints.http.post(ASKING, json=code | {"reason": "承办人与该单位负责人系近亲属。"})
    assert (asked.status_code, asked.json()["state"], asked.json()["officer"]) == (201, "asked", None), asked.text
    assert (await complaints.http.post(ASKING, json=code | {"reason": "再问一次"})).status_code == 409
    assert (await complaints.http.post(ASKING, json=code | {"reason": "x", "code": "y"})).status_code == 404
    assert [one.number for one in await complaints.told(RecusalAsked)].count(code["number"]) == 1
    chief = bearer("officer", department="hrss", district=HERE, sub="c-code")
    decided = await complaints.http.post(
        f"/v1/cases/{case_id}/recusal-requests/{asked.json()['request_id']}/decision",
        json={"agrees": True, "reason": "经查属实"},
        headers=chief | {"Idempotency-Key": new_id()},
    )
    assert decided.status_code == 200, decided.text
    [own] = (await complaints.http.post(f"{ASKING}/follow-up", json=code)).json()
    assert (own["state"], own["answer"], own["decided_by"]) == ("agreed", "经查属实", None)
    assert (await complaints.http.get(f"/v1/cases/{case_id}", headers=chief)).json()["handler"] != handler
