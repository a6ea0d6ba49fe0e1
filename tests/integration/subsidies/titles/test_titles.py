"""Nominations for professional titles, from who nominates to the review body's word."""

from __future__ import annotations

import base64
import hashlib
import os
from typing import Any

from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.contracts.subsidies import TitleChecked, TitleDecided, TitleNominated
from shared.ids import new_id
from shared.storage.audit import AuditEntry
from shared.storage.client import storage
from tests.harness import Harness, bearer
from tests.integration.subsidies.bodies import in_days, step, today
from tests.integration.subsidies.facts import PLATFORM, engagement, tell, worker

PATH = "/v1/title-nominations"
KINDS = ("application_form", "work_summary", "qualification_proof", "integrity_commitment")
SUMMARY = {"kind": "work_summary", "text": "从事即时配送五年"}
ALL = [
    SUMMARY,
    *({"kind": kind, "text": "见附件"} for kind in KINDS if kind != "work_summary"),
]
PDF = b"%PDF-1.7\n" + os.urandom(600_000)


async def nominate(subsidies: Harness, who: dict[str, str], *, expect: int = 201, **more: Any) -> Any:
    body = {
        "agreed": True,
        "nominator_name": "德阳某平台",
        "title": "物流助理工程师",
        "rank": "assistant",
        "district": "510603",
        "materials": [SUMMARY],
    }
    answer = await subsidies.http.post(PATH, json=body | more, headers=who)
    assert answer.status_code == expect, answer.text
    return answer.json()


async def hand_in(
    subsidies: Harness,
    nomination_id: str,
    who: dict[str, str],
    kind: str = "work_summary",
    content: bytes = PDF,
    *,
    name: str = "五年总结.pdf",
    expect: int = 201,
) -> Any:
    answer = await subsidies.http.post(
        f"{PATH}/{nomination_id}/papers",
        files={"file": (name, content, "application/octet-stream")},
        data={"kind": kind},
        headers={**who, "Idempotency-Key": new_id()},
    )
    assert answer.status_code == expect, answer.text
    return answer.json()


async def test_a_nomination_goes_through_to_the_result(subsidies: Harness) -> None:
    await tell(subsidies, engagement("w-title", "TITLE"))
    await subsidies.settled()
    platform = subsidies.headers("platform", uscc=PLATFORM)
    made = await nominate(subsidies, platform, worker_ref="TITLE")
    assert (made["worker_id"], set(made["missing"]), made["used"][0]["verified"]) == ("w-title", set(KINDS), False)
    again = subsidies.headers("platform", uscc=PLATFORM)
    await nominate(subsidies, again, worker_ref="TITLE", expect=409)
    one = f"{PATH}/{made['nomination_id']}"
    await step(subsidies, subsidies.officer, f"{one}/return", {"note": "缺申报表"})
    for kind in KINDS:
        with_paper = await hand_in(subsidies, made["nomination_id"], platform, kind)
    assert with_paper["missing"] == []
    handed = await subsidies.http.put(
        f"{one}/materials", json={"materials": ALL}, headers={**platform, "If-Match": '"6"'}
    )
    assert (handed.json()["state"], handed.json()["missing"]) == ("submitted", [])
    await step(subsidies, subsidies.officer, f"{one}/forwarding", {"review_body": "德阳市工程系列评委会"}, seen=7)
    await hand_in(subsidies, made["nomination_id"], platform, expect=409)
    for day in (in_days(-1), in_days(1)):
        early = {"awarded": True, "decided_on": day}
        await step(subsidies, subsidies.officer, f"{one}/result", early, seen=8, expect=422)
    decided = {"awarded": True, "decided_on": str(today()), "certificate": "ZC-1"}
    await step(subsidies, subsidies.officer, f"{one}/result", decided, seen=8)
    read = await subsidies.http.get(one, headers=bearer("worker", worker_id="w-title"))
    assert [(one["move"], one["note"]) for one in read.json()["steps"]] == [
        ("submit", None),
        ("return", "缺申报表"),
        ("resubmit", None),
        ("forward", None),
        ("award", None),
    ]
    assert read.json()["certificate"] == "ZC-1"
    told = [fact.outcome for fact in await subsidies.told(TitleChecked) if fact.worker_id == "w-title"]
    assert told == ["returned", "handed_in_again", "forwarded"]
    assert [fact.platform for fact in await subsidies.told(TitleNominated) if fact.worker_id == "w-title"] == [PLATFORM]
    assert [fact.awarded for fact in await subsidies.told(TitleDecided) if fact.worker_id == "w-title"] == [True]
    row = str(await storage().collection("title_nominations").find_one({"_id": made["nomination_id"]}))
    assert "五年" not in row
    assert "申报表" not in row


async def test_a_paper_is_a_file_that_those_concerned_read(subsidies: Harness) -> None:
    await tell(subsidies, worker("w-paper"))
    await subsidies.settled()
    union, other = (subsidies.headers("union", sub=f"union:{name}") for name in ("couriers", "drivers"))
    made = await nominate(subsidies, union, worker_id="w-paper")
    key = made["nomination_id"]
    (paper,) = (await hand_in(subsidies, key, union, name="../五年总结.exe"))["papers"]
    assert (paper["name"], paper["media_type"], paper["size"]) == ("五年总结.exe.pdf", "application/pdf", len(PDF))
    assert paper["sha256"] == hashlib.sha256(PDF).hexdigest()
    path = f"{PATH}/{key}/papers/{paper['paper_id']}"
    for who in (union, bearer("worker", worker_id="w-paper"), subsidies.officer):
        read = await subsidies.http.get(path, headers=who)
        assert (read.status_code, read.content) == (200, PDF)
        assert read.headers["content-disposition"].startswith("attachment;")
    for who in (other, bearer("worker", worker_id="w-else"), bearer("platform", uscc=PLATFORM)):
        assert (await subsidies.http.get(path, headers=who)).status_code == 404
        assert (await subsidies.http.get(f"{PATH}/{key}/papers/none", headers=union)).status_code == 404
    await hand_in(subsidies, key, other, expect=404)
    for content, kind in ((b"<html>", "file-type"), (b"ID3\x04" + bytes(100), "file-type"), (b"", "file-size")):
        refused = await hand_in(subsidies, key, union, content=content, expect=422)
        assert refused["type"].endswith(kind)
    entries = await AuditEntry.find({"about": paper["paper_id"]}).to_list()
    assert [one.action for one in entries] == ["title_nomination.paper_read"]
    stored = await storage().collection("title_nomination_pieces").find({}).to_list(None)
    assert not any(
        PDF[:64] in str(piece).encode() or base64.b64encode(PDF)[:64].decode() in str(piece) for piece in stored
    )
    assert "总结" not in str(await storage().collection("title_nominations").find_one({"_id": key}))


async def test_files_go_with_whom_they_tell_of(subsidies: Harness) -> None:
    await tell(subsidies, worker("w-gone"))
    await subsidies.settled()
    union = subsidies.headers("union", sub="union:couriers")
    key = (await nominate(subsidies, union, worker_id="w-gone"))["nomination_id"]
    (paper,) = (await hand_in(subsidies, key, union))["papers"]
    await tell(subsidies, WorkerErased(worker_id="w-gone"))
    await subsidies.settled()
    left = {"_id": {"$regex": f"^{paper['paper_id']}"}}
    assert await storage().collection("title_nomination_pieces").count_documents(left) == 0
    nomination = (await subsidies.http.get(f"{PATH}/{key}", headers=union)).json()
    shown = nomination["papers"][0]
    assert nomination["state"] == "withdrawn"
    await hand_in(subsidies, key, union, expect=409)
    assert (shown["removed_on"] is not None, "总结" in shown["name"], shown["sha256"]) == (True, False, paper["sha256"])
    gone = await subsidies.http.get(f"{PATH}/{key}/papers/{paper['paper_id']}", headers=union)
    assert gone.status_code == 404


async def test_a_worker_takes_a_nomination_back(subsidies: Harness) -> None:
    await tell(subsidies, worker("w-title2"))
    await subsidies.settled()
    union = subsidies.headers("union", sub="union:couriers")
    made = await nominate(subsidies, union, worker_id="w-title2", nominator_name="德阳市快递协会")
    one = f"{PATH}/{made['nomination_id']}"
    await step(subsidies, bearer("worker", worker_id="w-else"), f"{one}/withdrawal", expect=404)
    await step(subsidies, bearer("worker", worker_id="w-title2"), f"{one}/withdrawal")
    anew = subsidies.headers("union", sub="union:couriers")
    refused = await nominate(subsidies, anew, worker_id="w-title2")
    await step(subsidies, subsidies.officer, f"{PATH}/{refused['nomination_id']}/refusal", {"note": "年限不足"})
    found = await subsidies.http.get(f"{PATH}?state=refused", headers=union)
    assert [item["nomination_id"] for item in found.json()["items"]] == [refused["nomination_id"]]


async def test_nobody_is_nominated_unasked_or_unknown(subsidies: Harness) -> None:
    def union() -> dict[str, str]:
        return subsidies.headers("union", sub="union:couriers")

    await nominate(subsidies, union(), worker_id="w-nobody", expect=404)
    await nominate(subsidies, union(), worker_id="w-nobody", agreed=False, expect=403)
    await nominate(subsidies, union(), worker_ref="TITLE", expect=422)
    await nominate(subsidies, subsidies.headers("platform", uscc=PLATFORM), worker_ref="STRANGER", expect=404)


async def test_two_records_of_one_person_are_nominated_once(subsidies: Harness) -> None:
    await tell(subsidies, worker("w-title3"), worker("w-title4"))
    await subsidies.settled()
    await nominate(subsidies, subsidies.headers("union", sub="union:couriers"), worker_id="w-title3")
    await tell(subsidies, WorkerMerged(worker_id="w-title4", merged_worker_id="w-title3"))
    await subsidies.settled()
    await nominate(subsidies, subsidies.headers("union", sub="union:couriers"), worker_id="w-title4", expect=409)
    own = await subsidies.http.get(PATH, headers=bearer("worker", worker_id="w-title4"))
    assert len(own.json()["items"]) == 1
