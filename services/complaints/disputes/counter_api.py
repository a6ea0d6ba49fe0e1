"""Counter-applications, and disputes that are tried together, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.complaints.disputes import counter_commands, counter_suit_commands, join_commands
from services.complaints.disputes.access import dispute_of, forum_on_duty, known_to
from services.complaints.disputes.api import MOST_CLAIMS_EACH, ClaimBody, Handler, Text, changed
from services.complaints.disputes.counter_commands import Acting
from services.complaints.disputes.documents import Dispute
from services.complaints.disputes.further_rules import MOVES_OF, Outcome
from services.complaints.disputes.state_rules import Side
from services.complaints.disputes.views import DisputeDetail
from services.complaints.members.commands import standing
from shared.callers import Caller
from shared.errors import NotFound, RuleBroken
from shared.storage.transaction import Transaction
from shared.web.etags import RevisionSeen
from shared.web.scope import callers

router = APIRouter(prefix="/v1", tags=["disputes 争议调处"])

Respondent = Annotated[Caller, callers("worker", "platform")]
"""A party to a dispute."""


class CounterBody(BaseModel):
    """What a respondent claims of who applied. `worker`: of several workers the one that it claims it of, as the dispute names them to
    the enterprise; `text`: facts and grounds."""

    worker: str | None = Field(default=None, max_length=128)
    text: Text
    claims: list[ClaimBody] = Field(min_length=1, max_length=MOST_CLAIMS_EACH)


class CounterDecisionBody(BaseModel):
    """Whether a counter-application is tried with the application, and why not; `apart`: it is to be filed by itself."""

    outcome: Outcome
    text: Text | None = None


class CounterAnswerBody(BaseModel):
    """The answer to a counter-application."""

    text: Text


class WithdrawalBody(BaseModel):
    """Why a counter-application is taken back, if somebody says so."""

    text: Text | None = None


class SuitBody(BaseModel):
    """What who sues adds to the counter-application."""

    text: Text | None = None


class TriedTogetherBody(BaseModel):
    """A dispute between the same parties that is tried with this one from now on."""

    dispute_id: str = Field(max_length=64)
    text: Text | None = None


@router.post("/disputes/{dispute_id}/counter-applications")
async def file_counter(
    dispute_id: str, body: CounterBody, caller: Respondent, seen: RevisionSeen, response: Response
) -> DisputeDetail:
    """File a counter-application, as a respondent, until the last day of the answer (劳动人事争议仲裁办案规则 art. 36)."""

    async def work(dispute: Dispute, side: Side, tx: Transaction) -> Dispute:
        worker_id = await _worker(dispute, caller, body.worker)
        claims = [claim.claiming for claim in body.claims]
        return await counter_commands.file(
            dispute, await _acting(dispute, side, caller, tx), worker_id, body.text, claims, tx
        )

    return await changed(dispute_id, caller, "counter_apply", seen, response, work)


@router.post("/disputes/{dispute_id}/counter-applications/{counter_id}/decision")
async def decide_counter(
    dispute_id: str, counter_id: str, body: CounterDecisionBody, caller: Handler, seen: RevisionSeen, response: Response
) -> DisputeDetail:
    """Take a counter-application up, or not, or say that it is to be filed apart, as the commission; it is refused by who approves."""

    async def work(dispute: Dispute, side: Side, tx: Transaction) -> Dispute:
        acting = await _acting(dispute, side, caller, tx)
        return await counter_commands.decide(dispute, counter_id, body.outcome, acting, body.text, tx)

    return await changed(dispute_id, caller, MOVES_OF[body.outcome], seen, response, work)


@router.post("/disputes/{dispute_id}/counter-applications/{counter_id}/answer")
async def answer_counter(
    dispute_id: str,
    counter_id: str,
    body: CounterAnswerBody,
    caller: Respondent,
    seen: RevisionSeen,
    response: Response,
) -> DisputeDetail:
    """Answer a counter-application that was taken up."""

    async def work(dispute: Dispute, side: Side, tx: Transaction) -> Dispute:
        acting = await _acting(dispute, side, caller, tx)
        return await counter_commands.answer(dispute, counter_id, acting, body.text, tx)

    return await changed(dispute_id, caller, "counter_defend", seen, response, work)


@router.post("/disputes/{dispute_id}/counter-applications/{counter_id}/withdrawal")
async def withdraw_counter(
    dispute_id: str, counter_id: str, body: WithdrawalBody, caller: Respondent, seen: RevisionSeen, response: Response
) -> DisputeDetail:
    """Take a counter-application back."""

    async def work(dispute: Dispute, side: Side, tx: Transaction) -> Dispute:
        acting = await _acting(dispute, side, caller, tx)
        return await counter_commands.withdraw(dispute, counter_id, acting, body.text, tx)

    return await changed(dispute_id, caller, "counter_leave", seen, response, work)


@router.post("/disputes/{dispute_id}/counter-applications/{counter_id}/suit")
async def sue_on_counter(
    dispute_id: str, counter_id: str, body: SuitBody, caller: Respondent, seen: RevisionSeen, response: Response
) -> DisputeDetail:
    """Sue on a counter-application on which the commission has not decided in time (劳动争议调解仲裁法 art. 29), which `further` then
    says it `became`."""

    async def work(dispute: Dispute, side: Side, tx: Transaction) -> Dispute:
        acting = await _acting(dispute, side, caller, tx)
        return await counter_suit_commands.sue(dispute, counter_id, acting, body.text, tx)

    return await changed(dispute_id, caller, "counter_sue", seen, response, work)


@router.post("/disputes/{dispute_id}/tried-together")
async def try_together(
    dispute_id: str, body: TriedTogetherBody, caller: Handler, seen: RevisionSeen, response: Response
) -> DisputeDetail:
    """Try another dispute between the same parties with this one, which was taken up first: one award or mediation ends both."""

    async def work(dispute: Dispute, side: Side, tx: Transaction) -> Dispute:
        other = await dispute_of(body.dispute_id, caller, tx)
        await forum_on_duty(other, caller, "handler", tx)
        return await join_commands.join(dispute, other, await _acting(dispute, side, caller, tx), body.text, tx)

    return await changed(dispute_id, caller, "join", seen, response, work)


async def _acting(dispute: Dispute, side: Side, caller: Caller, tx: Transaction) -> Acting:
    acting = await standing(caller, dispute.workers, tx)
    return Acting(side=side, party=caller.uscc, by=caller.subject, worker_id=acting.worker_id)


async def _worker(dispute: Dispute, caller: Caller, named: str | None) -> str:
    """Which worker a counter-application is about; raises for one that the dispute does not have, or where it does not say."""
    if named is None:
        if len(dispute.workers) != 1:
            raise RuleBroken("no-worker", "请选择反申请针对的劳动者", "say which worker it is against")
        return dispute.workers[0]
    known = await known_to(caller.uscc, dispute) if caller.uscc else {one: one for one in dispute.workers}
    found = [worker_id for worker_id, name in known.items() if name == named]
    if not found:
        raise NotFound("该劳动者", "the worker")
    return found[0]
