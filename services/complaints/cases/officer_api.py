"""What officers do with a case over HTTP: whoever has it in hand brings it on, or gives it to another."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.complaints.cases import assignment_commands as assignment
from services.complaints.cases import commands, people_commands
from services.complaints.cases.access import case_for_reading, case_in_hand, case_on_duty
from services.complaints.cases.body import FirstStep, Handler, HandlersStep, Reason, Short, Text, WorkerId
from services.complaints.cases.documents import Case
from services.complaints.cases.views import CaseView, changed
from services.complaints.officers.rules import Duty
from services.complaints.terms.commands import terms_of
from services.complaints.terms.views import TermView
from services.complaints.terms.views import view_of as term_view
from shared.contracts.complaints import RefusalGround
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen

router = APIRouter(prefix="/v1", tags=["cases 投诉举报"])


class Refusal(BaseModel):
    """Why a case is not taken up, as the complainant reads it."""

    reason_zh: Text
    ground: RefusalGround = "other"


class Transfer(BaseModel):
    """To which body a case goes, and why it is competent."""

    body_zh: Short
    reason_zh: Text


class Missing(BaseModel):
    """What is to be completed, as the complainant reads it."""

    missing_zh: Text


class HandOver(BaseModel):
    """The subject of the officer who goes on with a case."""

    officer: str = Field(min_length=1, max_length=200)


class Member(BaseModel):
    """Who complains of the same."""

    worker_id: WorkerId


class Link(BaseModel):
    """A case that this one belongs together with."""

    case_id: str = Field(max_length=100)


@router.post("/cases/{case_id}/acceptance")
async def accept_case(officer: Handler, step: FirstStep) -> CaseView:
    """Accept a case for investigation."""
    return await step(lambda case, tx: commands.accept_case(case, officer, tx))


@router.post("/cases/{case_id}/refusal")
async def refuse_case(body: Refusal, officer: Handler, step: FirstStep) -> CaseView:
    """Refuse a case, in writing."""
    return await step(lambda case, tx: commands.refuse_case(case, body.ground, body.reason_zh, officer, tx))


@router.post("/cases/{case_id}/transfer")
async def transfer_case(body: Transfer, officer: Handler, step: HandlersStep) -> CaseView:
    """Hand a case to the body that is competent for it."""
    return await step(lambda case, tx: commands.transfer_case(case, body.body_zh, body.reason_zh, officer, tx))


@router.post("/cases/{case_id}/return")
async def return_case(body: Missing, officer: Handler, step: HandlersStep) -> CaseView:
    """Ask the complainant for what is missing, once (补正)."""
    return await step(lambda case, tx: commands.return_case(case, body.missing_zh, officer, tx))


@router.post("/cases/{case_id}/assignment")
async def hand_case_over(
    case_id: str, body: HandOver, officer: Handler, seen: RevisionSeen, response: Response
) -> CaseView:
    """Give a case to another officer: by the one who has it in hand, or by the chief of the office."""

    async def give(tx: Transaction) -> Case:
        case = await case_for_reading(case_id, officer, tx)
        duty: Duty = "handler" if case.handler == officer.subject else "chief"
        await case_on_duty(case_id, officer, duty, seen, tx)
        await write_down("case.handed_over", case_id, officer, tx)
        return await assignment.hand_over(case, body.officer, tx)

    return changed(await transact(give), officer, response)


@router.post("/cases/{case_id}/recusal")
async def give_case_back(
    case_id: str, body: Reason, officer: Handler, seen: RevisionSeen, response: Response
) -> CaseView:
    """Give a case back because of an interest in it (回避): it goes to another officer."""

    async def give_back(tx: Transaction) -> Case:
        case, acting = await case_on_duty(case_id, officer, "handler", seen, tx)
        await write_down("case.recusal", case_id, officer, tx, body.reason)
        return await assignment.recuse(case, acting, tx)

    return changed(await transact(give_back), officer, response)


@router.post("/cases/{case_id}/members")
async def add_member(body: Member, step: HandlersStep) -> CaseView:
    """Add somebody who complains of the same to a case."""
    return await step(lambda case, tx: people_commands.add_member(case, body.worker_id, tx))


@router.post("/cases/{case_id}/links")
async def link_cases(case_id: str, body: Link, officer: Handler, seen: RevisionSeen, response: Response) -> CaseView:
    """Say that two cases belong together, on both."""

    async def link(tx: Transaction) -> Case:
        case = await case_in_hand(case_id, officer, seen, tx)
        return await commands.link(case, await case_for_reading(body.case_id, officer, tx), tx)

    return changed(await transact(link), officer, response)


@router.get("/cases/{case_id}/terms")
async def list_terms(case_id: str, officer: Handler) -> list[TermView]:
    """Every term of a case, with its pauses and its extension."""

    async def read(tx: Transaction) -> list[TermView]:
        case = await case_for_reading(case_id, officer, tx)
        return [term_view(term) for term in await terms_of("case", case.id, tx)]

    return await transact(read)
