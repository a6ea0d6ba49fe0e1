"""Decisions over HTTP: proposed by the officer in charge, approved by another, read by both sides once it is served."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from services.complaints.cases.access import case_for_reading, case_in_hand, case_on_duty
from services.complaints.cases.body import Handler, HandlersStep, Reason, ReportersStep, Reporting, Text
from services.complaints.cases.code_api import step as step_by_code
from services.complaints.cases.documents import Case
from services.complaints.cases.filing_api import Code, not_too_often
from services.complaints.cases.views import CaseView, FollowUp, changed
from services.complaints.decisions import commands
from services.complaints.decisions.documents import Decision
from services.complaints.decisions.rules import Side
from services.complaints.decisions.views import CaseDecisionView, ProposalView, ServedView, decision_view, proposal_view
from services.complaints.investigations.api import own_inquiry
from services.complaints.officers.documents import Officer
from services.complaints.terms import commands as terms
from shared.callers import Caller
from shared.contracts.complaints import CaseOutcome
from shared.errors import NotFound
from shared.storage.identity_map import Same
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Platform
from shared.web.etags import RevisionSeen, set_etag
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["decisions 处理决定"])


class Proposal(BaseModel):
    """How a case is to end: the grounds, for the file and who reported, and the letter to the enterprise. `penalty_id`: the
    penalty that was decided on it, where it ends with one."""

    outcome: CaseOutcome
    grounds_zh: Text
    letter_zh: Text | None = None
    penalty_id: str | None = Field(default=None, max_length=64)


class Service(BaseModel):
    """On which side the decision was served, and when."""

    side: Side
    served_on: dt.date


class RatingBody(BaseModel):
    """How content the complainant is, from 1 to 5."""

    grade: int = Field(ge=1, le=5)
    opinion: Text | None = None


@router.post("/cases/{case_id}/decisions", status_code=201)
async def propose(
    case_id: str, body: Proposal, officer: Handler, seen: RevisionSeen, response: Response
) -> ProposalView:
    """Propose how a case is to end."""

    async def store(tx: Transaction) -> tuple[Case, Decision]:
        await _ahead(case_id, officer, tx)
        case = await case_in_hand(case_id, officer, seen, tx)
        return case, await commands.propose(
            case, body.outcome, body.grounds_zh, body.letter_zh, officer, tx, penalty_id=body.penalty_id
        )

    case, decision = await transact(store)
    set_etag(response, case.revision)
    return proposal_view(decision)


@router.get("/cases/{case_id}/decisions")
async def list_decisions(case_id: str, officer: Handler, page: PageAsked) -> Page[ProposalView]:
    """Every proposal on a case, also those that were sent back."""
    case = await case_for_reading(case_id, officer)
    return await Page.of(Decision, {"case_id": case.id}, proposal_view, page)


@router.post("/cases/{case_id}/decisions/approval")
async def approve(case_id: str, officer: Handler, seen: RevisionSeen, response: Response) -> CaseView:
    """Decide a case as it was proposed, as an approver who did not propose it."""

    async def store(tx: Transaction) -> Case:
        await _ahead(case_id, officer, tx, terms.of_matter("case", case_id))
        case, approver = await case_on_duty(case_id, officer, "approver", seen, tx)
        return await commands.approve(case, approver, officer, tx)

    return changed(await transact(store), officer, response)


@router.post("/cases/{case_id}/decisions/sending-back")
async def send_back(case_id: str, body: Reason, officer: Handler, seen: RevisionSeen, response: Response) -> CaseView:
    """Send a proposal back, with the reason."""

    async def store(tx: Transaction) -> Case:
        case, approver = await case_on_duty(case_id, officer, "approver", seen, tx)
        return await commands.send_back(case, body.reason, approver, tx)

    return changed(await transact(store), officer, response)


@router.post("/cases/{case_id}/decision/service")
async def serve(case_id: str, body: Service, officer: Handler, seen: RevisionSeen, response: Response) -> ServedView:
    """Record that the decision was served on a side. The answer has the code for a reporter who has no token, to be given to them
    with it."""

    async def store(tx: Transaction) -> tuple[Case, Decision, str | None]:
        await _ahead(case_id, officer, tx)
        case = await case_in_hand(case_id, officer, seen, tx)
        if body.side == "reporter":
            return case, *await commands.serve_on_reporter(case, body.served_on, tx)
        return case, await commands.serve(case, body.side, body.served_on, tx), None

    case, decision, code = await transact(store)
    set_etag(response, case.revision)
    return ServedView(**proposal_view(decision).model_dump(), code=code)


@router.post("/cases/{case_id}/closing")
async def close(officer: Handler, step: HandlersStep) -> CaseView:
    """Close a case whose decision has reached both sides."""
    return await step(lambda case, tx: commands.close(case, officer, tx))


@router.get("/cases/{case_id}/decision")
async def read_decision(case_id: str, caller: Reporting) -> CaseDecisionView:
    """The decision on a case, for who reported and whoever joined them, once it is served: to read it here would be its service
    only where they had agreed to that in writing (行政处罚法 art. 61)."""

    async def read(tx: Transaction) -> Decision:
        return await commands.served_decision(await case_for_reading(case_id, caller, tx), "reporter", tx)

    return decision_view(await transact(read), "reporter")


@router.post("/anonymous-reports/decision", dependencies=[Depends(not_too_often)])
async def read_decision_by_code(body: Code) -> CaseDecisionView:
    """The decision on a case, for who has no token. Who reported without a name reads it by the number and the code that came with
    it, and that is its service on them: from now on they know of it (行政复议法 art. 20). Any other by the number and the code that
    was given to them when it was served: whoever took the case down knows only the first."""
    return decision_view(await transact(lambda tx: commands.read_by_code(body.number, body.code, tx)), "reporter")


@router.get("/platform-cases/{inquiry_id}/decision")
async def read_decision_as_enterprise(inquiry_id: str, platform: Platform) -> CaseDecisionView:
    """The decision that was served on the enterprise, with its remedies."""
    inquiry = await own_inquiry(inquiry_id, platform)
    found = [one for one in await find(Decision, {"inquiry_id": inquiry.id}) if "enterprise" in one.served]
    if not found:
        raise NotFound("处理决定", "a decision")
    return decision_view(found[-1], "enterprise")


@router.post("/cases/{case_id}/satisfaction")
async def rate(body: RatingBody, step: ReportersStep) -> CaseView:
    """Say how content one is with a closed case."""
    return await step(lambda case, tx: commands.rate(case, body.grade, body.opinion, tx))


class RatingByCode(Code, RatingBody):
    """How content who has no token is."""


@router.post("/anonymous-reports/satisfaction", dependencies=[Depends(not_too_often)])
async def rate_by_code(body: RatingByCode) -> FollowUp:
    """Say how content one is with a closed case, by its number and the code that came with it."""
    return await step_by_code(body, lambda case, tx: commands.rate(case, body.grade, body.opinion, tx))


async def _ahead(case_id: str, officer: Caller, tx: Transaction, *more: Same) -> None:
    """Read in one go what every step of an officer with a decision needs."""
    await tx.ahead([(Case, case_id), (Officer, officer.subject)], [commands.of_case(case_id), *more])
