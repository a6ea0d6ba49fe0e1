from __future__ import annotations

import time_machine

from services.complaints.cases.documents import Case as CaseRow
from shared.contracts.complaints import PenaltyNotified
from shared.storage.audit import AuditEntry
from shared.storage.records import find
from shared.storage.transaction import transact
from tests.harness import Harness, bearer
from tests.integration.complaints.course import Course as Case
from tests.integration.complaints.penalties.cases import case_of
from tests.integration.complaints.penalties.course import HERE, LETTER, PNG, Course, filed, later, meant, officer, told
from tests.unit.identity.numbers import make_uscc

OTHER_PNG = PNG + b"1"
CHARGES = [{"ground": "overtime", "persons": 3}]


async def shown(penalty: Course) -> list[dict[str, object]]:
    answer = await penalty.complaints.http.get(f"/v1/penalties/{penalty.id}/shown-evidence", headers=penalty.enterprise)
    assert answer.status_code == 200, answer.text
    return list(answer.json())


async def handed_in(complaints: Harness, case: Case, who: str, about: str, content: bytes = OTHER_PNG) -> str:
    """A file of a case that an officer or who filed it hands in; its id."""
    token = officer("p-first") if who == "officer" else case.worker
    headers = complaints.headers("worker") | token
    kept = await complaints.http.post(
        f"/v1/cases/{case.case_id}/evidence",
        data={"about": about},
        files={"file": ("b.png", content, "image/png")},
        headers=headers,
    )
    assert kept.status_code == 201, kept.text
    return str(kept.json()["evidence_id"])


async def test_an_enterprise_reads_what_a_penalty_rests_on(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PE0000001"))
    rests_on, kept_back = await penalty.filed_evidence("阻挠现场"), await penalty.filed_evidence("内部便条")
    body = {"facts": "查明", "charges": [{"ground": "obstruction"}], "officers": ["p-first", "p-second"]}
    assert await penalty.do("conclusion", "p-first", body) == (422, "no-evidence")
    assert await penalty.do("conclusion", "p-first", body | {"evidence": ["no-such-file"]}) == (404, "not-found")
    await penalty.done("conclusion", "p-first", body | {"evidence": [rests_on]})
    path = f"/v1/penalties/{penalty.id}/shown-evidence"
    assert (await complaints.http.get(path, headers=penalty.enterprise)).status_code == 404
    await penalty.notified()
    [one] = await shown(penalty)
    assert (one["evidence_id"], one["about"]) == (rests_on, "阻挠现场")
    assert {"party", "shown_to", "created_at"}.isdisjoint(one)
    read = await complaints.http.get(f"{path}/{rests_on}/content", headers=penalty.enterprise)
    assert (read.status_code, read.content) == (200, PNG)
    other = bearer("platform", uscc=make_uscc("PE0000002"))
    for at, who in ((kept_back, penalty.enterprise), (rests_on, other)):
        assert (await complaints.http.get(f"{path}/{at}/content", headers=who)).status_code == 404
    listed = [(one.action, one.role) for one in await find(AuditEntry, {"about": penalty.id})]
    assert ("penalty.evidence_listed", "platform") in listed
    opened = [(one.action, one.role) for one in await find(AuditEntry, {"about": rests_on})]
    assert opened == [("penalty.evidence_read", "platform")]


async def test_new_evidence_opens_the_time_to_speak_again(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PE0000007"))
    await penalty.investigated()
    more = {"evidence": [await penalty.filed_evidence("补充照片")]}
    assert await penalty.do("further-evidence", "p-first", more) == (409, "not-notified")
    await penalty.notified()
    await penalty.done("waiver", "enterprise")
    until = penalty.shown["notice"]["speak_until"]
    with time_machine.travel(later(days=3), tick=True):
        await penalty.done("further-evidence", "p-first", more)
        assert penalty.shown["notice"]["speak_until"] > until
        assert [one["about"] for one in await shown(penalty)] == ["现场照片", "补充照片"]
        assert await penalty.do("decision", "p-fourth", meant("8000.00")) == (409, "may-still-speak")
        await penalty.done("statement", "enterprise", {"text": "补充照片与本单位无关"})
    assert await told(complaints, penalty, PenaltyNotified) == ["PenaltyNotified", "PenaltyNotified"]


async def test_no_evidence_shows_who_reported_in_confidence(complaints: Harness) -> None:
    uscc = make_uscc("PE0000003")
    case = await case_of(complaints, uscc, "w-evidence")
    from_reporter = await handed_in(complaints, case, "reporter", "聊天记录")
    again = await handed_in(complaints, case, "officer", "聊天记录复印件")
    telling = await handed_in(complaints, case, "officer", "w-evidence提供的排班表", PNG + b"2")
    silent = await handed_in(complaints, case, "officer", "排班表", PNG + b"3")
    penalty = await filed(
        complaints, uscc, origin="case", origin_id=case.case_id, violation="overtime", grounds=["overtime"]
    )
    body = {"facts": "查明", "charges": CHARGES, "officers": ["p-first", "p-second"]}
    anew = await penalty.filed_evidence("聊天记录", OTHER_PNG)
    kept_back = dict.fromkeys((from_reporter, again, anew), "confidential") | {telling: "would-tell-reporter"}
    for evidence, kind in kept_back.items():
        assert await penalty.do("conclusion", "p-first", body | {"evidence": [evidence]}) == (409, kind)
    await penalty.done("conclusion", "p-first", body | {"evidence": [silent]})
    told = {
        "fine": "600.00",
        "warning": True,
        "text": "拟处罚",
        "amount_reasons": "一般",
        "by": "直接送达",
        "letter": LETTER,
    }
    assert await penalty.do("notice", "p-first", told) == (409, "not-looked-through")
    await penalty.done("notice", "p-first", told | {"silent": True})
    [one] = await shown(penalty)
    assert (one["evidence_id"], one["about"]) == (silent, "排班表")
    for hidden in kept_back:
        path = f"/v1/penalties/{penalty.id}/shown-evidence/{hidden}/content"
        assert (await complaints.http.get(path, headers=penalty.enterprise)).status_code == 404


async def test_who_asks_for_confidence_later_is_shown_no_more(complaints: Harness) -> None:
    uscc = make_uscc("PE0000004")
    case = await case_of(complaints, uscc, "w-later", confidential=False)
    from_reporter = await handed_in(complaints, case, "reporter", "聊天记录")
    penalty = await filed(
        complaints, uscc, origin="case", origin_id=case.case_id, violation="overtime", grounds=["overtime"]
    )
    await penalty.investigated(charges=CHARGES, evidence=[from_reporter])
    await penalty.notified("600.00", warning=True)
    assert [one["evidence_id"] for one in await shown(penalty)] == [from_reporter]
    kept = await CaseRow.of(case.case_id)
    assert kept is not None
    kept.confidential = True
    await transact(kept.put)
    assert await shown(penalty) == []


async def test_a_file_of_another_matter_is_no_evidence(complaints: Harness) -> None:
    other = await filed(complaints, make_uscc("PE0000005"))
    foreign = await other.filed_evidence()
    penalty = await filed(complaints, make_uscc("PE0000006"), district=HERE)
    body = {
        "facts": "查明", "charges": [{"ground": "obstruction"}], "officers": ["p-first", "p-second"],
        "evidence": [foreign],
    }  # fmt: skip
    assert await penalty.do("conclusion", "p-first", body) == (404, "not-found")
