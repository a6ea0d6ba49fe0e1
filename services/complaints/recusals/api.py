"""Recusal over HTTP: parties ask that an officer stay away, the chief of the office decides with reasons."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.complaints.cases.access import case_for_reading, case_on_duty, own_case
from services.complaints.cases.body import Handler, Reader, Reporting, Text
from services.complaints.cases.documents import Case
from services.complaints.cases.filing_api import Code, not_too_often
from services.complaints.cases.filing_commands import case_by_code
from services.complaints.disputes.access import dispute_of, forum_on_duty
from services.complaints.disputes.api import DisputeParty
from services.complaints.disputes.api import Handler as Forum
from services.complaints.investigations.api import own_inquiry
from services.complaints.members.commands import standing
from services.complaints.penalties.access import penalty_in_hand, penalty_of
from services.complaints.penalties.body import Concerned, Punisher
from services.complaints.recusals import commands
from services.complaints.recusals.commands import Answer, Asker
from services.complaints.recusals.documents import RecusalRequest
from services.complaints.recusals.rules import Side
from services.complaints.recusals.views import RecusalView, as_party, view_of
from shared.callers import Caller
from shared.errors import Forbidden, NotFound
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Platform
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked

asking = APIRouter(prefix="/v1", tags=["recusals 回避"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["recusals 回避"])
by_code = APIRouter(
    prefix="/v1/anonymous-reports/recusal-requests", tags=["recusals 回避"], dependencies=[Depends(not_too_often)]
)


class RecusalBody(BaseModel):
    """Why an officer should stay away. `certificate`: the number of the card that they showed; without it the one in charge."""

    reason: Text
    certificate: str | None = Field(default=None, max_length=40)


class RecusalByCode(Code, RecusalBody):
    """The same, from who has no token."""


class PenaltyRecusalBody(RecusalBody):
    """The same in a penalty. `chair`: it is about who holds the hearing (行政处罚法 art. 64)."""

    chair: bool = False


class DisputeRecusalBody(BaseModel):
    """Why who decides should stay away."""

    reason: Text


class RecusalAnswer(BaseModel):
    """Whether the officer stays away, and why. `officer`: who it is about, where the request does not say."""

    agrees: bool
    reason: Text
    officer: str | None = Field(default=None, max_length=200)

    @property
    def given(self) -> Answer:
        return Answer(**self.model_dump())


@asking.post("/cases/{case_id}/recusal-requests", status_code=201)
async def ask_as_reporter(case_id: str, body: RecusalBody, caller: Reporting) -> RecusalView:
    """Ask that an officer stay away, as who filed the case."""

    async def ask(tx: Transaction) -> RecusalRequest:
        case = await own_case(case_id, caller, None, tx)
        known = await standing(caller, case.people, tx)
        asker = Asker(side="reporter", worker_id=known.worker_id or case.worker_id)
        return await commands.ask_in_case(case, asker, body.reason, body.certificate, tx)

    return view_of(await transact(ask), caller)


@asking.post("/platform-cases/{inquiry_id}/recusal-requests", status_code=201)
async def ask_as_enterprise(inquiry_id: str, body: RecusalBody, platform: Platform) -> RecusalView:
    """Ask that an officer stay away, as the enterprise."""

    async def ask(tx: Transaction) -> RecusalRequest:
        case = await _case_behind(inquiry_id, platform, tx)
        asker = Asker(side="enterprise", enterprise=platform.uscc)
        return await commands.ask_in_case(case, asker, body.reason, body.certificate, tx)

    return view_of(await transact(ask), platform)


@asking.post("/disputes/{dispute_id}/recusal-requests", status_code=201)
async def ask_as_party(dispute_id: str, body: DisputeRecusalBody, caller: DisputeParty) -> RecusalView:
    """Ask that who decides a dispute stay away, as a party to it."""

    async def ask(tx: Transaction) -> RecusalRequest:
        dispute = await dispute_of(dispute_id, caller, tx)
        known = await standing(caller, dispute.workers, tx)
        asker = Asker(side=_side(known), worker_id=known.worker_id, enterprise=known.uscc)
        return await commands.ask_in_dispute(dispute, asker, body.reason, tx)

    return view_of(await transact(ask), caller)


@asking.post("/penalties/{penalty_id}/recusal-requests", status_code=201)
async def ask_in_penalty(penalty_id: str, body: PenaltyRecusalBody, platform: Platform) -> RecusalView:
    """Ask that an officer stay away from a penalty that one was told of, whatever it arose from (行政处罚法 art. 43, 64)."""

    async def ask(tx: Transaction) -> RecusalRequest:
        penalty = await penalty_of(penalty_id, platform, tx)
        asker = Asker(side="enterprise", enterprise=platform.uscc)
        return await commands.ask_in_penalty(penalty, asker, body.reason, body.certificate, chair=body.chair, tx=tx)

    return view_of(await transact(ask), platform)


@by_code.post("", status_code=201)
async def ask_by_code(body: RecusalByCode) -> RecusalView:
    """Ask that an officer stay away, as who follows a case by its number and code."""

    async def ask(tx: Transaction) -> RecusalRequest:
        case = await case_by_code(body.number, body.code, tx)
        asker = Asker(side="reporter", worker_id=case.worker_id)
        return await commands.ask_in_case(case, asker, body.reason, body.certificate, tx)

    return as_party(await transact(ask))


@by_code.post("/follow-up")
async def follow_by_code(body: Code) -> list[RecusalView]:
    """What was asked by whoever filed the case, and what was decided."""
    case = await case_by_code(body.number, body.code)
    return [as_party(one) for one in await find(RecusalRequest, {"matter": case.matter, "side": "reporter"})]


@router.get("/cases/{case_id}/recusal-requests")
async def list_of_case(case_id: str, caller: Reader, page: PageAsked) -> Page[RecusalView]:
    """The requests in a case: those of who filed it, or all for officers."""
    if caller.role == "officer":
        case = await case_for_reading(case_id, caller)
        return await _page({"matter": case.matter}, caller, page)
    case = await transact(lambda tx: own_case(case_id, caller, None, tx))
    return await _page({"matter": case.matter, "side": "reporter"}, caller, page)


@router.get("/platform-cases/{inquiry_id}/recusal-requests")
async def list_of_inquiry(inquiry_id: str, platform: Platform, page: PageAsked) -> Page[RecusalView]:
    """The enterprise's own requests in a case."""
    inquiry = await own_inquiry(inquiry_id, platform)
    own = {"matter": f"case:{inquiry.case_id}", "side": "enterprise", "enterprise": inquiry.platform}
    return await _page(own, platform, page)


@router.get("/disputes/{dispute_id}/recusal-requests")
async def list_of_dispute(dispute_id: str, caller: DisputeParty, page: PageAsked) -> Page[RecusalView]:
    """The requests in a dispute: those of the caller's side, or all for officers."""
    dispute = await dispute_of(dispute_id, caller)
    own = {} if caller.role == "officer" else {"side": _side(caller)}
    return await _page({"matter": f"dispute:{dispute.id}", **own}, caller, page)


@router.get("/penalties/{penalty_id}/recusal-requests")
async def list_of_penalty(penalty_id: str, caller: Concerned, page: PageAsked) -> Page[RecusalView]:
    """The requests in a penalty, for the enterprise that asked and for officers."""
    penalty = await penalty_of(penalty_id, caller)
    return await _page({"matter": penalty.matter}, caller, page)


@router.post("/cases/{case_id}/recusal-requests/{request_id}/decision")
async def decide_in_case(case_id: str, request_id: str, body: RecusalAnswer, officer: Handler) -> RecusalView:
    """Decide on a request in a case, as a chief whom it is not about."""

    async def decide(tx: Transaction) -> RecusalRequest:
        case, chief = await case_on_duty(case_id, officer, "chief", None, tx)
        return await commands.decide_in_case(case, request_id, body.given, chief, tx)

    return view_of(await transact(decide), officer)


@router.post("/disputes/{dispute_id}/recusal-requests/{request_id}/decision")
async def decide_in_dispute(dispute_id: str, request_id: str, body: RecusalAnswer, officer: Forum) -> RecusalView:
    """Decide on a request in a dispute, as a chief of the body, whom it is not about (劳动争议调解仲裁法 art. 33)."""

    async def decide(tx: Transaction) -> RecusalRequest:
        dispute = await dispute_of(dispute_id, officer, tx)
        chief = await forum_on_duty(dispute, officer, "chief", tx)
        return await commands.decide_in_dispute(dispute, request_id, body.given, chief, tx)

    return view_of(await transact(decide), officer)


@router.post("/penalties/{penalty_id}/recusal-requests/{request_id}/decision")
async def decide_in_penalty(penalty_id: str, request_id: str, body: RecusalAnswer, officer: Punisher) -> RecusalView:
    """Decide on a request in a penalty, as a chief whom it is not about (行政处罚法 art. 43)."""

    async def decide(tx: Transaction) -> RecusalRequest:
        penalty, chief = await penalty_in_hand(penalty_id, officer, "chief", None, tx)
        return await commands.decide_in_penalty(penalty, request_id, body.given, chief, tx)

    return view_of(await transact(decide), officer)


async def _page(query: dict[str, str], caller: Caller, page: PageAsked) -> Page[RecusalView]:
    return await Page.of(RecusalRequest, query, lambda one: view_of(one, caller), page)


async def _case_behind(inquiry_id: str, platform: Caller, tx: Transaction) -> Case:
    inquiry = await own_inquiry(inquiry_id, platform, tx)
    case = await Case.of(inquiry.case_id, tx)
    if case is None or case.inquiry_id != inquiry.id:
        raise NotFound("该调查事项", "the inquiry")
    return case


def _side(caller: Caller) -> Side:
    if caller.role == "officer":
        raise Forbidden("由当事人提出", "a party asks")
    return "reporter" if caller.role == "worker" else "enterprise"
