"""Whoever may not know finds nobody in any view of the service, whatever a confidential case has led to (劳动保障监察条例 art. 9)."""

from __future__ import annotations

import asyncio
from itertools import product
from string import Formatter
from typing import Any

from services.complaints.cases.documents import Case
from shared.ids import new_id
from shared.storage.client import storage
from tests.harness import Harness, bearer
from tests.integration.access import OTHER, routes
from tests.integration.complaints.course import HERE, TEXT, Course, course, today
from tests.integration.complaints.disputes.matters import opened
from tests.integration.complaints.facts import PLATFORM
from tests.integration.complaints.staff import on_register

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
QUERY = {"platform": PLATFORM, "category": "late_pay", "year": today()[:4], "limit": "500"}
PERSONS_OWN = ("/disputes", "/legal-aid")
"""Where a worker goes beside the case, under their own name: officers know them there, and nothing of the case."""


async def sent(complaints: Harness, path: str, who: dict[str, str], **body: Any) -> dict[str, Any]:
    headers = {**who, "Idempotency-Key": new_id()}
    answer = await complaints.http.post(f"/v1/{path}", headers=headers, **body)
    assert answer.status_code in (200, 201), f"{path}: {answer.text}"
    return dict(answer.json())


async def much_has_happened(complaints: Harness, worker_id: str, member: str) -> tuple[Course, dict[str, list[str]]]:
    """A confidential case, decided, and what came of it; every id that a path may name."""
    case = await course(complaints, worker_id, confidential=True)
    path = f"cases/{case.case_id}"
    file = {"files": {"file": ("a.png", PNG, "image/png")}, "data": {"about": "工资截图"}}
    ours = (await sent(complaints, f"{path}/evidence", case.worker, **file))["evidence_id"]
    await case.do("members", case.handler, {"worker_id": member})
    asked = await sent(complaints, f"{path}/recusal-requests", case.worker, json={"reason": "与该单位有利害关系。"})
    disclosure = await sent(complaints, f"{path}/disclosures", case.handler, json={"reason": "须核实身份"})
    inquiry_id = await case.investigated()
    theirs = await sent(complaints, f"platform-cases/{inquiry_id}/evidence", case.platform, **file)
    order = {
        "origin": "case",
        "origin_id": case.case_id,
        "enterprise": PLATFORM,
        "district": HERE,
        "violation": "other",
        "demands": [{"article": "劳动保障监察条例第26条", "text": "规范支付"}],
        "days": 7,
    }
    directive = await sent(complaints, "directives", case.approver | case.handler, json=order)
    matter = await opened(complaints, worker_id, case_id=case.case_id, category="other", district=HERE)
    aid = {"body": "centre", "subject": "pay", "form": "advice", "text": "欠薪", "district": HERE}
    aided = await sent(complaints, "legal-aid", case.worker, json=aid | {"origin": f"case:{case.case_id}"})
    return case, {
        "case_id": [case.case_id],
        "inquiry_id": [inquiry_id],
        "evidence_id": [ours, theirs["evidence_id"]],
        "request_id": [asked["request_id"]],
        "disclosure_id": [disclosure["disclosure_id"]],
        "directive_id": [directive["directive_id"]],
        "dispute_id": [matter.id],
        "aid_id": [aided["legal_aid_id"]],
        "subject": ["h-1"],
        "matter": ["case", "lead", "term"],
    }


async def test_no_view_tells_who_reports(complaints: Harness) -> None:
    worker_id, member = f"w-{new_id()}", f"w-{new_id()}"
    case, ids = await much_has_happened(complaints, worker_id, member)
    row = await Case.of(case.case_id)
    assert row is not None
    persons = [worker_id, member]
    of_case = [*persons, case.case_id, row.number, TEXT[:10], ids["evidence_id"][0]]
    readers = {
        "the enterprise": (case.platform, of_case),
        "another enterprise": (bearer("platform", uscc=OTHER), of_case),
        "another worker": (bearer("worker", worker_id=f"w-{new_id()}"), of_case),
        "a union": (bearer("union", sub="union:other"), of_case),
        "nobody": ({}, of_case),
        "an officer elsewhere": (await on_register("hrss", "510681", subject="h-elsewhere"), of_case),
        "a department beside": (await on_register("post", HERE, subject="h-post"), persons),
        "a department without part": (await on_register("police", HERE, subject="h-police"), of_case),
        "the officer in charge": (case.handler, persons),
        "the court": (await on_register("court", HERE, subject="h-court"), persons),
        "legal aid": (await on_register("justice", HERE, subject="h-justice"), [case.case_id, row.number]),
    }
    paths = [
        path.format(**dict(zip(names, values, strict=True)))
        for method, _, path in (one.replace(":path", "").partition(" ") for one in sorted(routes(complaints)))
        if method == "GET" and path.startswith("/v1/")
        for names in [[name for _, name, _, _ in Formatter().parse(path) if name]]
        for values in product(*(ids.get(name, ["nothing"]) for name in names))
    ]
    assert len(paths) > 60
    told, shown = [], 0
    for who, (headers, secrets) in readers.items():
        for start in range(0, len(paths), 8):
            some = paths[start : start + 8]
            answers = await asyncio.gather(*(complaints.http.get(path, params=QUERY, headers=headers) for path in some))
            shown += sum(answer.status_code == 200 for answer in answers)
            told += [
                f"{who}: GET {path} tells {secret}"
                for path, answer in zip(some, answers, strict=True)
                for secret in secrets
                if secret in answer.text + str(answer.headers)
                and secret not in path
                and not (secrets is persons and any(one in path for one in PERSONS_OWN))
            ]
    assert not told, "\n".join(told)
    assert shown > 100


async def test_no_event_names_a_confidential_reporter_with_it(complaints: Harness) -> None:
    """No event has both the person and the case, or the enterprise and the case, but that for officers which names nobody."""
    worker_id, member = f"w-{new_id()}", f"w-{new_id()}"
    case, ids = await much_has_happened(complaints, worker_id, member)
    row = await Case.of(case.case_id)
    assert row is not None
    named = (case.case_id, row.number, ids["inquiry_id"][0], ids["directive_id"][0])
    rows = await storage().collection("outbox").find({}).to_list(None)
    facts = [(str(one["type"]), f"{one['key']}{one['data'].decode()}") for one in rows]
    of_case = [(kind, text) for kind, text in facts if any(one in text for one in named)]
    assert len(of_case) > 5
    assert [kind for kind, text in of_case if worker_id in text or member in text] == []
    told = [(kind, text) for kind, text in facts if ids["inquiry_id"][0] in text]
    assert {kind.split(".")[3] for kind, _ in told} == {"inquiry"}
    assert [kind for kind, text in told if case.case_id in text or row.number in text] == []
