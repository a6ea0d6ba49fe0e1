"""Record steps, ask an enterprise and take in its answers, prolong and conclude an investigation."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.complaints.cases import commands as cases
from services.complaints.cases import events, term_commands
from services.complaints.cases.assignment_commands import matter_of
from services.complaints.cases.confidence import check_says_nothing_of_reporter
from services.complaints.cases.documents import Case
from services.complaints.evidence import commands as evidence
from services.complaints.evidence.commands import evidence_of
from services.complaints.evidence.documents import Evidence
from services.complaints.evidence.rules import Party
from services.complaints.investigations import rules
from services.complaints.investigations.documents import (
    ANSWER,
    QUESTION,
    REASON,
    RECORD,
    Answer,
    ExtensionRequest,
    Inquiry,
    InvestigationStep,
    Participant,
    encrypted,
)
from services.complaints.investigations.rules import Inspector, StepKind
from services.complaints.officers.documents import Officer
from services.complaints.terms import commands as terms
from services.complaints.terms.rules import Length
from shared import clock
from shared.callers import Caller
from shared.errors import Conflict, NotFound, RuleBroken
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Stored, from_day
from shared.storage.transaction import Transaction

MOST_ANSWERS: Final = 100
"""Answers to an inquiry, so that its record stays one that can be stored."""
ANSWERING: Final = "answer"
"""The step whose term an enterprise has to answer in."""
CALENDAR = TimerKind("complaints.inquiry_calendar")
STORED = Stored(CALENDAR, Inquiry, from_day("answer_by"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A step as it was taken: by whom, with which record and files."""

    kind: StepKind
    taken_on: dt.date
    officers: Sequence[str]
    record: str
    evidence: Sequence[str]


async def record_step(case: Case, taken: Taken, tx: Transaction) -> InvestigationStep:
    """Record a step of an investigation that runs; raises RuleBroken unless enough inspectors took it."""
    _running(case)
    today = shanghai_date(clock.now())
    if taken.taken_on > today:
        raise RuleBroken("step-in-future", "调查日期不能晚于今天", "it cannot have been taken after today")
    law = parameters.on(taken.taken_on, place=case.district)
    officers = [await _officer(subject, tx) for subject in dict.fromkeys(taken.officers)]
    inspectors = [Inspector(one.person, one.certificate) for one in officers]
    rules.check_inspectors(inspectors, matter_of(case), law, case.away)
    for evidence_id in taken.evidence:
        await evidence_of(case.matter, evidence_id, "officer", tx)
    step_id = new_id()
    step = InvestigationStep(
        id=step_id,
        case_id=case.id,
        kind=taken.kind,
        taken_on=taken.taken_on,
        participants=[Participant(officer=one.id, certificate=one.certificate or "") for one in officers],
        record=encrypted(RECORD, step_id, taken.record),
        evidence=list(taken.evidence),
        used=list(law.used),
    )
    return await step.put(tx)


async def ask(case: Case, question: str, tx: Transaction) -> Inquiry:
    """Ask the enterprise, once, in words of the officer's own: raises Conflict where they would tell who reports."""
    _running(case)
    if case.platform is None:
        raise Conflict("no-enterprise", "该投诉没有被投诉单位", "the case names no enterprise")
    if case.inquiry_id is not None:
        raise Conflict("asked-already", "已向该单位发出调查询问", "the enterprise was asked already")
    await check_says_nothing_of_reporter(case, question, tx)
    today = shanghai_date(clock.now())
    law = parameters.on(today, place=case.district)
    length = Length(law.days("complaint.answer_workdays"), "workdays")
    case.inquiry_id = str(uuid.uuid4())  # a random one: ids by time would tell when the case was filed
    term = await term_commands.set_term(case, ANSWERING, length, today, "inquiry.opened", law, tx)
    inquiry = Inquiry(
        id=case.inquiry_id,
        case_id=case.id,
        platform=case.platform,
        category=case.category,
        article=case.article,
        district=case.district,
        lead_department=case.lead_department,
        question=encrypted(QUESTION, case.inquiry_id, question),
        asked_on=today,
        answer_by=term.due,
        used=list(law.used),
    )
    await case.put(tx)
    tx.publish(events.inquiry_opened(case, term.due))
    return await inquiry.put(tx)


async def show(case: Case, found: Evidence, to: Party, tx: Transaction) -> Evidence:
    """Show a file to a side; raises Conflict where it, its name or what is said of it would tell the enterprise who reports."""
    if to == "enterprise":
        for text in (found.clear_name, found.clear_about):
            await check_says_nothing_of_reporter(case, text, tx)
    return await evidence.disclose(found, to, confidential=case.protected, tx=tx)


async def answer(inquiry: Inquiry, text: str, tx: Transaction) -> Inquiry:
    """Take in what the enterprise answers while the case is open, as far as it knows, also late and again."""
    await tx.ahead([(Case, inquiry.case_id)], [terms.of_matter("case", inquiry.case_id)])
    case = await case_of(inquiry, tx)
    if len(inquiry.answers) >= MOST_ANSWERS:
        raise Conflict(
            "answers-full", f"最多可答复{MOST_ANSWERS}次", f"an inquiry is answered {MOST_ANSWERS} times at most"
        )
    now = clock.now()
    inquiry.answers = [*inquiry.answers, Answer(at=now, text=encrypted(ANSWER, inquiry.id, text))]
    await terms.meet("case", case.id, ANSWERING, shanghai_date(now), tx)
    tx.publish(events.answered(case))
    return await inquiry.put(tx)


async def recalculate(inquiry_id: str, tx: Transaction) -> None:
    """Let the last day to answer follow its term, where the days off have been published that it rests on."""
    inquiry = await Inquiry.of(inquiry_id, tx)
    case = None if inquiry is None else await Case.of(inquiry.case_id, tx)
    if inquiry is None or case is None or case.inquiry_id != inquiry.id:
        return
    found = await terms.recalculate_open("case", case.id, ANSWERING, tx)
    if found is not None and found.due != inquiry.answer_by:
        inquiry.answer_by = found.due
        await inquiry.put(tx)


async def case_of(inquiry: Inquiry, tx: Transaction) -> Case:
    """The case that an inquiry was opened for; raises Conflict where it is decided or over, or was opened again since, but for one
    that is over unseen."""
    case = await Case.of(inquiry.case_id, tx)
    if (
        case is None
        or case.inquiry_id != inquiry.id
        or (case.state not in ("accepted", "concluded") and not case.ended_unseen)
    ):
        raise Conflict("inquiry-over", "该调查已经结束", "the inquiry is over")
    return case


async def ask_for_extension(case: Case, reason: str, by: Caller, tx: Transaction) -> ExtensionRequest:
    """Ask that an investigation be prolonged (劳动保障监察条例 art. 17)."""
    _running(case)
    if await _open_request(case, tx) is not None:
        raise Conflict("asked-already", "已有待审批的延期申请", "a request is open")
    request_id = new_id()
    request = ExtensionRequest(
        id=request_id, case_id=case.id, reason=encrypted(REASON, request_id, reason), asked_by=by.subject
    )
    await case.put(tx)  # of two at once one is refused, and who approves has read this one
    return await request.put(tx)


async def approve_extension(case: Case, approver: Officer, tx: Transaction) -> Case:
    """Prolong an investigation, as the head of the office and another than the one who asked (劳动保障监察条例 art. 17)."""
    _running(case)
    request = await _decided(case, approver, "approve", tx)
    today = shanghai_date(clock.now())
    law = parameters.on(today, place=case.district)
    term = await terms.extend(
        "case",
        case.id,
        "investigate",
        law.days("inspection.extension_workdays"),
        approved_by=approver.id,
        on=today,
        reason=request.clear_reason,
        used=law.used,
        tx=tx,
    )
    case.decide_by = term.due
    term_commands.follow(case, term, "investigate", tx)
    case.used += [one for one in law.used if one not in case.used]
    await case.put(tx)
    events.publish(case, events.extended(case, term.due), tx)
    return case


async def refuse_extension(case: Case, approver: Officer, tx: Transaction) -> Case:
    """Leave an investigation's term as it is."""
    _running(case)
    await _decided(case, approver, "refuse", tx)
    return case


async def conclude(case: Case, by: Caller, tx: Transaction) -> Case:
    """End an investigation: not before a step was taken, and the enterprise was asked and has answered or let its term pass
    (劳动保障监察条例 art. 19)."""
    _running(case)
    if not await tx.rows(InvestigationStep, {"case_id": case.id}, {"_id": 1}, limit=1):
        raise Conflict("nothing-investigated", "尚无调查记录", "no step of an investigation is on file")
    if case.platform is not None and not await heard(case, tx):
        raise Conflict("not-heard", "尚未听取被投诉单位的意见", "the enterprise has not been heard")
    return await cases.conclude_case(case, by, tx)


async def heard(case: Case, tx: Transaction) -> bool:
    """Whether the enterprise could speak: it was asked, and has answered or its term is over."""
    inquiry = None if case.inquiry_id is None else await Inquiry.of(case.inquiry_id, tx)
    return inquiry is not None and (bool(inquiry.answers) or shanghai_date(clock.now()) > inquiry.answer_by)


def _running(case: Case) -> None:
    if case.state != "accepted":
        raise Conflict("not-investigated", "该投诉不在调查阶段", "the case is not under investigation")


async def _officer(subject: str, tx: Transaction) -> Officer:
    officer = await Officer.of(subject, tx)
    if officer is None:
        raise NotFound("该经办人员", "the officer")
    return officer


async def _open_request(case: Case, tx: Transaction) -> ExtensionRequest | None:
    """The request that waits in this investigation: one of before the case was opened again is nobody's matter any more."""
    asked = await tx.find(ExtensionRequest, {"case_id": case.id, "created_at": {"$gte": case.begun_at}})
    return next((one for one in asked if one.state == "asked"), None)


async def _decided(case: Case, approver: Officer, move: rules.RequestMove, tx: Transaction) -> ExtensionRequest:
    request = await _open_request(case, tx)
    if request is None:
        raise NotFound("待审批的延期申请", "an open request")
    rules.check_approver(request.asked_by, approver.id)
    request.state, request.decided_by = rules.REQUESTS.next(request.state, move), approver.id
    return await request.put(tx)
