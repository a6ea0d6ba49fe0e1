"""Investigations over HTTP: the officer in charge records steps, asks the enterprise and concludes; an enterprise reads its own
inquiries and answers; both sides hand in evidence."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.complaints.cases import commands as cases
from services.complaints.cases.access import case_for_reading, case_in_hand, case_on_duty, own_case
from services.complaints.cases.body import Handler, HandlersStep, Reader, Reason, Text
from services.complaints.cases.documents import Case
from services.complaints.cases.views import CaseView, changed
from services.complaints.evidence import commands as evidence
from services.complaints.evidence.api import Files, evidence_router
from services.complaints.evidence.documents import Evidence
from services.complaints.evidence.rules import Party
from services.complaints.evidence.views import EvidenceView
from services.complaints.investigations import commands
from services.complaints.investigations.documents import Inquiry, InvestigationStep
from services.complaints.investigations.rules import StepKind
from services.complaints.investigations.views import InquiryView, InvestigationStepView, inquiry_view, step_view
from services.complaints.officers.documents import Officer
from services.complaints.terms import commands as terms
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Platform
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked

steps = APIRouter(prefix="/v1", tags=["investigations 调查"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["investigations 调查"])


class StepTaken(BaseModel):
    """A step of an investigation: by which officers, on which day, with which record and files."""

    kind: StepKind
    taken_on: dt.date
    officers: list[Annotated[str, Field(max_length=200)]] = Field(min_length=1, max_length=20)
    record: Text
    evidence: list[Annotated[str, Field(max_length=100)]] = Field(default=[], max_length=50)


class Question(BaseModel):
    """What the enterprise is asked, in the officer's own words."""

    question_zh: Text


class AnswerBody(BaseModel):
    """What the enterprise answers."""

    text: Text


class ShowTo(BaseModel):
    """To which side a file is shown."""

    party: Party


@steps.post("/cases/{case_id}/steps", status_code=201)
async def record_step(case_id: str, body: StepTaken, officer: Handler) -> InvestigationStepView:
    """Record a step of an investigation, which at least two inspectors took together."""
    taken = commands.Taken(**body.model_dump())

    async def record(tx: Transaction) -> InvestigationStep:
        await tx.ahead([(Case, case_id), *((Officer, one) for one in (officer.subject, *taken.officers))])
        return await commands.record_step(await case_in_hand(case_id, officer, None, tx), taken, tx)

    return step_view(await transact(record))


@router.get("/cases/{case_id}/steps")
async def list_steps(case_id: str, officer: Handler, page: PageAsked) -> Page[InvestigationStepView]:
    """The steps of an investigation."""
    case = await case_for_reading(case_id, officer)
    return await Page.of(InvestigationStep, {"case_id": case.id}, step_view, page)


@router.post("/cases/{case_id}/inquiry")
async def ask_enterprise(
    case_id: str, body: Question, officer: Handler, seen: RevisionSeen, response: Response
) -> InquiryView:
    """Ask the enterprise to answer. The question is refused where it would show who reports in confidence."""

    async def ask(tx: Transaction) -> tuple[Case, Inquiry]:
        await tx.ahead([(Case, case_id), (Officer, officer.subject)], [terms.of_matter("case", case_id)])
        case = await case_in_hand(case_id, officer, seen, tx)
        return case, await commands.ask(case, body.question_zh, tx)

    case, inquiry = await transact(ask)
    set_etag(response, case.revision)
    return inquiry_view(inquiry)


@router.get("/cases/{case_id}/inquiry")
async def read_inquiry(case_id: str, officer: Handler) -> InquiryView:
    """What the enterprise was asked and answered."""
    case = await case_for_reading(case_id, officer)
    inquiry = None if case.inquiry_id is None else await Inquiry.of(case.inquiry_id)
    if inquiry is None:
        raise NotFound("调查询问", "an inquiry")
    return inquiry_view(inquiry)


@router.get("/cases/{case_id}/inquiries")
async def list_inquiries_of_case(case_id: str, officer: Handler, page: PageAsked) -> Page[InquiryView]:
    """What the enterprise was asked and answered in every investigation of a case, also before it was opened again."""
    case = await case_for_reading(case_id, officer)
    return await Page.of(Inquiry, {"case_id": case.id}, inquiry_view, page)


@router.post("/cases/{case_id}/extension-request")
async def ask_for_extension(
    case_id: str, body: Reason, officer: Handler, seen: RevisionSeen, response: Response
) -> CaseView:
    """Ask that the investigation be prolonged."""

    async def ask(tx: Transaction) -> Case:
        case = await case_in_hand(case_id, officer, seen, tx)
        await commands.ask_for_extension(case, body.reason, officer, tx)
        return case

    return changed(await transact(ask), officer, response)


@router.post("/cases/{case_id}/extension-request/approval")
async def approve_extension(case_id: str, officer: Handler, seen: RevisionSeen, response: Response) -> CaseView:
    """Prolong the investigation, as the head of the office who did not ask for it."""

    async def approve(tx: Transaction) -> Case:
        case, approver = await case_on_duty(case_id, officer, "chief", seen, tx)
        return await commands.approve_extension(case, approver, tx)

    return changed(await transact(approve), officer, response)


@router.post("/cases/{case_id}/extension-request/refusal")
async def refuse_extension(case_id: str, officer: Handler, seen: RevisionSeen, response: Response) -> CaseView:
    """Leave the term of the investigation as it is, as the head of the office."""

    async def refuse(tx: Transaction) -> Case:
        case, approver = await case_on_duty(case_id, officer, "chief", seen, tx)
        return await commands.refuse_extension(case, approver, tx)

    return changed(await transact(refuse), officer, response)


@router.post("/cases/{case_id}/conclusion")
async def conclude(officer: Handler, step: HandlersStep) -> CaseView:
    """End the investigation: the decision is to be proposed."""
    return await step(lambda case, tx: commands.conclude(case, officer, tx))


@router.get("/platform-cases")
async def list_inquiries(platform: Platform, page: PageAsked) -> Page[InquiryView]:
    """What the enterprise that calls is asked."""
    return await Page.of(Inquiry, {"platform": platform.uscc}, inquiry_view, page)


@router.get("/platform-cases/{inquiry_id}")
async def read_own_inquiry(inquiry_id: str, platform: Platform, response: Response) -> InquiryView:
    """What an enterprise is asked, and has answered."""
    inquiry = await own_inquiry(inquiry_id, platform)
    set_etag(response, inquiry.revision)
    return inquiry_view(inquiry)


@steps.post("/platform-cases/{inquiry_id}/answers", status_code=201)
async def answer(inquiry_id: str, body: AnswerBody, platform: Platform) -> InquiryView:
    """Answer an inquiry, and explain (陈述、申辩)."""

    async def store(tx: Transaction) -> Inquiry:
        return await commands.answer(await own_inquiry(inquiry_id, platform, tx), body.text, tx)

    return inquiry_view(await transact(store))


async def _inquiry_files(inquiry_id: str, platform: Platform) -> Files:
    """Read at any time, added to while the inquiry runs."""

    async def read() -> str:
        return f"case:{(await own_inquiry(inquiry_id, platform)).case_id}"

    async def hand_in(tx: Transaction) -> str:
        return (await commands.case_of(await own_inquiry(inquiry_id, platform, tx), tx)).matter

    return Files(platform, read, hand_in)


async def _case_files(case_id: str, caller: Reader) -> Files:
    """Added to by who reported, and by the officer in charge."""

    async def read() -> str:
        return (await case_for_reading(case_id, caller)).matter

    async def hand_in(tx: Transaction) -> str:
        if caller.role == "officer":
            return (await case_in_hand(case_id, caller, None, tx)).matter
        return (await own_case(case_id, caller, None, tx)).matter

    return Files(caller, read, hand_in)


inquiry_files = evidence_router("/platform-cases/{inquiry_id}", "investigations 调查", _inquiry_files)
case_files = evidence_router("/cases/{case_id}", "investigations 调查", _case_files)


@router.post("/cases/{case_id}/evidence/{evidence_id}/showing")
async def show_evidence(case_id: str, evidence_id: str, body: ShowTo, officer: Handler) -> EvidenceView:
    """Show a file to the other side, for the hearing of both. Never to the enterprise what a protected reporter handed in."""

    async def show(tx: Transaction) -> Evidence:
        case = await case_in_hand(case_id, officer, None, tx)
        found = await evidence.evidence_of(case.matter, evidence_id, "officer", tx)
        await write_down("evidence.shown", found.id, officer, tx, body.party)
        return await commands.show(case, found, body.party, tx)

    return EvidenceView.of(await transact(show))


@router.post("/cases/{case_id}/evidence/removal")
async def remove_files(
    case_id: str, body: Reason, officer: Handler, seen: RevisionSeen, response: Response
) -> CaseView:
    """Remove the files of a case whose people are erased, as the head of the office who finds that nothing keeps them any more."""

    async def remove(tx: Transaction) -> Case:
        case, _ = await case_on_duty(case_id, officer, "chief", seen, tx)
        await write_down("evidence.removed", case.id, officer, tx, body.reason)
        return await cases.remove_files(case, tx)

    return changed(await transact(remove), officer, response)


async def own_inquiry(inquiry_id: str, platform: Caller, tx: Transaction | None = None) -> Inquiry:
    """An inquiry of the enterprise that calls; any other is not found."""
    inquiry = await Inquiry.of(inquiry_id, tx)
    if inquiry is None or inquiry.platform != platform.uscc:
        raise NotFound("该调查事项", "the inquiry")
    return inquiry
