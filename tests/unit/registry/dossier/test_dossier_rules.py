"""Whom a fact is about, what of it is kept, and who may see which parts."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from services.registry.dossier import rules
from services.registry.dossier.contents import FACTS, KINDS, SECTIONS
from services.registry.dossier.rules import (
    UNDECIDED,
    Reader,
    kept_fields,
    may_see,
    position,
    sections_seen,
    shown,
    subjects_of,
)
from shared.contracts import catalogue
from shared.messaging.envelope import decode
from shared.policy.parameters import parameters

GOLDEN = Path(__file__).parents[3] / "contract" / "golden"
ARTICLES = {name: section.article for name, section in SECTIONS.items()}
DUTY = parameters.on(dt.date(2026, 11, 23)).lists("duty.departments")

NOT_GATHERED = {
    "cn.deyang.platform.profile.declared.v1": "the registry tells what it became",
    "cn.deyang.platform.engagement.started.v1": "the registry tells what it became, and this one holds sealed numbers",
    "cn.deyang.platform.engagement.ended.v1": "the registry tells what it became",
    "cn.deyang.platform.incident.reported.v1": "insurance tells the claim, without the injury",
    "cn.deyang.platform.employee.declared.v1": "insurance tells what it became, and this one holds a sealed number",
    "cn.deyang.platform.training.completed.v1": "subsidies tells the certificate",
    "cn.deyang.platform.order.finished.v1": "a thousand to one of everything else: read in insurance",
    "cn.deyang.platform.worktime.recorded.v1": "as many as orders",
    "cn.deyang.registry.engagement.restated.v1": "says again what other events said",
    "cn.deyang.notifier.delivery.sent.v1": "what counts is whether it arrived",
    "cn.deyang.notifier.webhook.disabled.v1": "about a platform's server, and nothing that it did",
    "cn.deyang.notifier.broadcast.paused.v1": "about no worker and no enterprise",
    "cn.deyang.notifier.broadcast.finished.v1": "about no worker and no enterprise",
    "cn.deyang.registry.worker.erased.v1": "nobody's dossier any more",
    "cn.deyang.registry.union.recorded.v1": "about no worker and no enterprise",
    "cn.deyang.registry.station.opened.v1": "about no worker and no enterprise",
    "cn.deyang.registry.station.closed.v1": "about no worker and no enterprise",
    **{
        f"cn.deyang.subsidies.provider.{verb}.v1": "about a body that trains, which is no worker and no platform"
        for verb in ("submitted", "checked", "expiring", "suspended", "resumed", "ended")
    },
    "cn.deyang.subsidies.programme.submitted.v1": "about a course, which is nobody's own",
    "cn.deyang.subsidies.programme.checked.v1": "about a course, which is nobody's own",
    "cn.deyang.subsidies.programme.cancelled.v1": "about a course, which is nobody's own",
    "cn.deyang.subsidies.attendance.suspected.v1": "a suspicion, which is not on file before somebody has looked at it",
    "cn.deyang.subsidies.attendance.judged.v1": "as the suspicion: what follows is told of the enrolment",
    "cn.deyang.subsidies.application.deadline_near.v1": "an office's own business",
    "cn.deyang.subsidies.application.overdue.v1": "an office's own business",
    "cn.deyang.subsidies.application.appealed.v1": "what became of it is told",
    "cn.deyang.subsidies.budget.year_ended.v1": "an office's own business",
    "cn.deyang.subsidies.notice.closed.v1": "an office's own business",
    "cn.deyang.subsidies.notice.objected.v1": "an office's own business",
    "cn.deyang.subsidies.revision.opened.v1": "what becomes of it is told",
    "cn.deyang.subsidies.recognition.check_near.v1": "an office's own business",
    "cn.deyang.subsidies.recognition.check_overdue.v1": "an office's own business",
    "cn.deyang.subsidies.recognition.assistance_overdue.v1": "an office's own business",
    "cn.deyang.subsidies.recovery.heard.v1": "an office's own business",
    "cn.deyang.subsidies.assistance.told.v1": "nobody but the applicant hears of it",
    "cn.deyang.complaints.reporter.involved.v1": "who reports in confidence stays sealed, in their own dossier too",
    "cn.deyang.complaints.reporter.told.v1": "who reports in confidence stays sealed, in their own dossier too",
    "cn.deyang.complaints.union_filing.proposed.v1": "as who reports in confidence: it may come to that",
    "cn.deyang.complaints.inquiry.opened.v1": "the case's own events tell it",
    "cn.deyang.complaints.inquiry.decided.v1": "the case's own events tell it",
    "cn.deyang.complaints.inquiry.ended.v1": "the case's own events tell it",
    "cn.deyang.complaints.recusal.asked.v1": "about an officer, not about the worker or the enterprise",
    "cn.deyang.complaints.recusal.decided.v1": "about an officer, not about the worker or the enterprise",
    "cn.deyang.complaints.term.near.v1": "an office's own business: what a matter became is told by its own events",
    "cn.deyang.complaints.term.missed.v1": "as the warning",
    "cn.deyang.complaints.term.escalated.v1": "as the warning",
    "cn.deyang.complaints.case.joining_answered.v1": "a refusal is no fact about anybody; the case is on file as its filer's",
    "cn.deyang.complaints.case.joining_asked.v1": "about somebody else, who is not in it yet",
    "cn.deyang.complaints.dispute.joining_answered.v1": "a refusal is no fact about anybody; each in it has its steps on file",
    "cn.deyang.complaints.dispute.joining_asked.v1": "about somebody else, who is not in it yet",
    "cn.deyang.complaints.dispute.limitation_near.v1": "a warning to the workers, which the other side has no part in",
    "cn.deyang.complaints.legal_aid.assigned.v1": "what is learnt in legal aid stays within (法律援助法 art. 21)",
    "cn.deyang.complaints.legal_aid.contested.v1": "what is learnt in legal aid stays within (法律援助法 art. 21)",
    "cn.deyang.complaints.legal_aid.decided.v1": "what is learnt in legal aid stays within (法律援助法 art. 21)",
    "cn.deyang.complaints.legal_aid.finished.v1": "what is learnt in legal aid stays within (法律援助法 art. 21)",
    "cn.deyang.complaints.legal_aid.objection_decided.v1": "what is learnt in legal aid stays within (法律援助法 art. 21)",
    "cn.deyang.complaints.legal_aid.replacement_asked.v1": "what is learnt in legal aid stays within (法律援助法 art. 21)",
    "cn.deyang.complaints.legal_aid.replacement_decided.v1": "what is learnt in legal aid stays within (法律援助法 art. 21)",
    "cn.deyang.complaints.legal_aid.submitted.v1": "what is learnt in legal aid stays within (法律援助法 art. 21)",
    "cn.deyang.complaints.legal_aid.supplement_asked.v1": "what is learnt in legal aid stays within (法律援助法 art. 21)",
    "cn.deyang.complaints.legal_aid.terminated.v1": "what is learnt in legal aid stays within (法律援助法 art. 21)",
    "cn.deyang.complaints.legal_aid.withdrawn.v1": "what is learnt in legal aid stays within (法律援助法 art. 21)",
    "cn.deyang.complaints.campaign.announced.v1": "about no worker and no enterprise",
    "cn.deyang.complaints.rest.limit_reached.v1": "a prompt of the moment: leads tell what it came to, deliveries that it arrived",
    "cn.deyang.complaints.rest.pause_asked.v1": "as the prompt to the worker",
    "cn.deyang.insurance.kin.recorded.v1": "where next of kin are reached, sealed",
    "cn.deyang.insurance.reconciliation.finished.v1": "about no worker and no enterprise",
}


def golden(name: str) -> Any:
    message = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    headers = [(key, value.encode()) for key, value in message["headers"].items()]
    return decode(catalogue[name], headers, json.dumps(message["value"]).encode())


def test_every_event_is_in_the_dossier_or_left_out_for_a_reason() -> None:
    assert set(KINDS) | set(NOT_GATHERED) == set(catalogue)
    assert not set(KINDS) & set(NOT_GATHERED)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.TYPE)
def test_every_fact_is_about_somebody_and_holds_nothing_personal(fact: Any) -> None:
    event = golden(fact.TYPE)
    assert subjects_of(event.data, event.source, KINDS[fact.TYPE].section)
    kept = kept_fields(event.data)
    assert not [name for name in kept if name.startswith("for_") or name in rules.PERSONAL]


def test_a_fact_of_nobody_known_is_kept_by_its_reference() -> None:
    paid = golden("cn.deyang.platform.settlement.paid.v1")
    platform = paid.source.removeprefix("/platforms/")
    assert subjects_of(paid.data, paid.source, "pay") == [
        f"account:{platform}|{paid.data.worker_ref}",
        f"enterprise:{platform}",
    ]


def test_positions_sort_by_time_whatever_the_offset() -> None:
    noon = dt.datetime(2026, 9, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    later = dt.datetime(2026, 9, 1, 4, 0, 0, 1000, tzinfo=dt.UTC)
    assert position(noon, "/services/registry", "b") < position(later, "/services/registry", "a")


READERS = [
    (Reader("worker"), {"cases", "unions", "claims", "person"}, set()),
    (Reader("officer", department="hrss"), {"cases", "unions", "claims", "leads"}, set()),
    (Reader("officer", department="post"), {"safety", "enrolment", "claims", "cases"}, {"papers", "partners"}),
    (Reader("officer", department="market"), {"bargaining", "credit"}, {"claims", "pay", "enrolment"}),
    (Reader("union"), {"pay", "unions", "bargaining"}, {"enrolment"}),
    (Reader("platform", platform="P"), {"claims", "premiums", "papers"}, {"cases", "leads", "unions", "benefits"}),
]


@pytest.mark.parametrize(("reader", "sees", "sees_not"), READERS)
def test_each_reader_sees_the_sections_of_their_duty(reader: Reader, sees: set[str], sees_not: set[str]) -> None:
    seen = sections_seen(reader, ARTICLES, DUTY)
    assert sees <= seen
    assert not sees_not & seen


def test_an_officer_of_a_district_does_not_see_anothers_facts() -> None:
    reader = Reader("officer", department="hrss", districts=frozenset({"510603"}))
    assert may_see(reader, {"footing"}, "footing", {"district": "510603"}, "/services/registry")
    assert may_see(reader, {"footing"}, "footing", {}, "/services/registry")
    assert not may_see(reader, {"footing"}, "footing", {"district": "510681"}, "/services/registry")


def test_a_platform_sees_what_names_it_and_nothing_of_another() -> None:
    reader = Reader("platform", platform="91510600MA6300017Q")
    assert may_see(reader, {"claims"}, "claims", {"platform": "91510600MA6300017Q"}, "/services/insurance")
    assert may_see(reader, {"pay"}, "pay", {}, "/platforms/91510600MA6300017Q")
    assert not may_see(reader, {"claims"}, "claims", {"platform": "91510600MA63000250"}, "/services/insurance")
    assert not may_see(reader, {"person"}, "person", {}, "/services/registry")


def test_a_fact_without_a_district_is_the_citys_but_for_credit() -> None:
    reader = Reader("officer", department="hrss", districts=frozenset({"510603"}), of_enterprise=True)
    assert not may_see(reader, {"premiums"}, "premiums", {}, "/services/insurance")
    assert may_see(reader, {"credit"}, "credit", {}, "/services/registry")
    assert may_see(reader, {"footing"}, "footing", {"district": "510603"}, "/services/registry")
    city = Reader("officer", department="hrss", of_enterprise=True)
    assert may_see(city, {"premiums"}, "premiums", {}, "/services/insurance")


def test_a_penalty_is_public_only_while_it_is_published() -> None:
    """行政处罚法 art. 48: what is only intended is nobody's business, what was taken back is gone."""
    credit = {name for name, kind in KINDS.items() if kind.section == rules.CREDIT}
    told = [
        ("penalty.notified", "p-1"),
        ("penalty.decided", "p-1"),
        ("penalty.published", "p-1"),
        ("penalty.withdrawn", "p-1"),
        ("penalty.published", "p-2"),
        ("penalty.withdrawn", "p-2"),
        ("penalty.published", "p-2"),
    ]
    facts = [{"type": f"cn.deyang.complaints.{name}.v1", "data": {"penalty_id": key}} for name, key in reversed(told)]
    [public] = rules.public_facts(facts, credit)
    assert (public["type"], public["data"]["penalty_id"]) == (rules.PUBLISHED, "p-2")
    listed = {"type": "cn.deyang.complaints.enterprise.listed.v1", "data": {"listing_id": "l"}}
    assert rules.public_facts([listed], credit) == [listed]


CASE = {"worker_id": "w-1", "departments": ["hrss", "transport"], "district": "510603", "category": "late_pay"}


def test_a_case_is_seen_by_the_departments_that_it_was_routed_to() -> None:
    for department, seen in (("hrss", True), ("transport", True), ("market", False), ("union", False)):
        reader = Reader("officer", department=department, of_enterprise=True)
        assert may_see(reader, {"cases"}, "cases", CASE, "/services/complaints") is seen, department
    assert not may_see(Reader("union", of_enterprise=True), {"cases"}, "cases", CASE, "/services/complaints")
    assert may_see(Reader("union"), {"cases"}, "cases", CASE, "/services/complaints")


def test_only_the_labour_department_is_told_who_complained() -> None:
    names = {
        department: "worker_id" in shown(Reader("officer", department=department, of_enterprise=True), CASE)
        for department in ("hrss", "transport")
    }
    assert names == {"hrss": True, "transport": False}
    assert "worker_id" not in shown(Reader("union", of_enterprise=True), CASE)
    assert shown(Reader("union"), CASE) == CASE


def test_no_officer_reads_a_sensitive_case_or_a_private_message() -> None:
    officer = Reader("officer", department="hrss", closed=("discrimination",))
    for category, seen in (("late_pay", True), ("discrimination", False)):
        case = CASE | {"category": category}
        assert may_see(officer, {"cases"}, "cases", case, "/services/complaints") is seen
        assert may_see(Reader("worker"), {"cases"}, "cases", case, "/services/complaints")
    messages = (
        ({"template": "case_opened_worker", "private": False}, True),
        ({"template": "anything", "private": True}, False),
        ({"template": "reporter_told_worker"}, False),
        ({"template": "legal_aid_granted_worker"}, False),
    )
    for message, seen in messages:
        for reader in (officer, Reader("union"), Reader("platform", platform="P")):
            told = message | {"recipient": "P"}
            assert may_see(reader, {"messages"}, "messages", told, "/services/notifier") is seen, (reader, message)
        assert may_see(Reader("worker"), {"messages"}, "messages", message, "/services/notifier")


def test_what_is_only_intended_is_theirs_who_have_a_part_in_it() -> None:
    told = {"uscc": "91510600MA6300017Q", "lead_department": "transport", "district": "510603"}
    readers = (
        (Reader("officer", department="transport", of_enterprise=True), True),
        (Reader("officer", department="hrss", of_enterprise=True), True),
        (Reader("officer", department="post", of_enterprise=True), False),
        (Reader("union", of_enterprise=True), False),
        (Reader("platform", platform="91510600MA6300017Q", of_enterprise=True), True),
        (Reader("platform", platform="91510600MA63000250", of_enterprise=True), False),
    )
    for reader, seen in readers:
        for kind in UNDECIDED:
            assert may_see(reader, {"penalties"}, "penalties", told, "/services/complaints", kind) is seen, reader
    decided = "cn.deyang.complaints.penalty.decided.v1"
    assert may_see(readers[2][0], {"penalties"}, "penalties", told, "/services/complaints", decided)


def test_what_is_only_intended_is_still_told() -> None:
    assert KINDS.keys() >= UNDECIDED


def test_who_has_a_case_in_hand_is_told_to_officers() -> None:
    assigned = CASE | {"officer": "officer:hrss-1"}
    readers = (
        Reader("officer", department="hrss"),
        Reader("worker"),
        Reader("union"),
        Reader("platform", platform="P"),
    )
    assert ["officer" in shown(reader, assigned) for reader in readers] == [True, False, False, False]
