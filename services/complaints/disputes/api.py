"""Disputes over HTTP: workers open them, each side takes its steps, and officers those of the body that has it in hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.disputes import (
    commands,
    enterprise_commands,
    opening_commands,
    party_commands,
    people_commands,
    term_commands,
)
from services.complaints.disputes.access import dispute_of, in_hand, seen_by, sues_alone
from services.complaints.disputes.documents import Dispute
from services.complaints.disputes.enterprise_commands import Applying
from services.complaints.disputes.limitation import Ground
from services.complaints.disputes.opening_commands import Claiming, Opening
from services.complaints.disputes.party_commands import Succeeding
from services.complaints.disputes.party_rules import Adding
from services.complaints.disputes.rules import Taking
from services.complaints.disputes.state_rules import Move, Side, State, check_claimant
from services.complaints.disputes.views import DisputeDetail, DisputeView, detail_of
from services.complaints.evidence import commands as evidence
from services.complaints.evidence.api import Files, evidence_router
from services.complaints.evidence.rules import Party
from services.complaints.evidence.views import EvidenceView
from services.complaints.members.access import listed
from services.complaints.members.commands import standing
from services.complaints.procedures.rules import ClaimKind
from services.complaints.rulings import commands as rulings
from services.complaints.rulings.api import Judging
from services.complaints.rulings.commands import Sought
from services.complaints.rulings.views import SimilarView
from shared.callers import Caller
from shared.contracts.complaints import Category, DisputePartyRole, Forum, SuccessionGround
from shared.contracts.platform import Relation
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Platform, Worker
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import District, Uscc
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, UNION, callers

COURT = "court"
MOST_CLAIMS_EACH = 20
MOST_CLAIMS = people_commands.MOST_WORKERS * MOST_CLAIMS_EACH

creating = APIRouter(prefix="/v1", tags=["disputes 争议调处"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["disputes 争议调处"])

DisputeParty = Annotated[Caller, callers("worker", "platform", departments=[HRSS, COURT, UNION], district="document")]
"""A party to a dispute, or an officer of a body that mediates or decides."""
Claimant = Annotated[Caller, callers("worker", departments=[HRSS, COURT, UNION], district="document")]
Handler = Annotated[Caller, callers(departments=[HRSS, COURT, UNION], district="document")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]


class ClaimBody(BaseModel):
    """A claim. `known_on`: since when the worker knows that the right was violated; `amount`: yuan; `iou`: the enterprise has
    acknowledged in writing that it owes the pay."""

    kind: ClaimKind
    known_on: dt.date
    amount: Amount | None = None
    iou: bool = False

    @property
    def claiming(self) -> Claiming:
        return Claiming(kind=self.kind, known_on=self.known_on, amount=self.amount, iou=self.iou)


class OpeningBody(BaseModel):
    """A grievance. `enterprises`: the platform, and beside it a partner or the firm that dispatched; `relation`: the footing that
    the worker says; `case_id`: the complaint on the same matter; `raised_on`: when the
    enterprise got the grievance, where it was put to it before."""

    enterprises: list[Uscc] = Field(min_length=1, max_length=5)
    relation: Relation
    relation_ended_on: dt.date | None = None
    category: Category
    district: District
    case_id: str | None = Field(default=None, max_length=64)
    raised_on: dt.date | None = None
    text: Text
    claims: list[ClaimBody] = Field(min_length=1, max_length=MOST_CLAIMS_EACH)


class ArbitrationBody(BaseModel):
    """An enterprise's application for arbitration against a worker. `platform`: through which the worker works, where the applicant is
    its partner (null: the applicant); `worker_ref`: the worker, as that platform knows them; `relation`: the footing that the
    enterprise says; `text`: facts and grounds."""

    platform: Uscc | None = None
    worker_ref: str = Field(min_length=1, max_length=128)
    relation: Relation
    relation_ended_on: dt.date | None = None
    category: Category = "other"
    district: District
    text: Text
    claims: list[ClaimBody] = Field(min_length=1, max_length=MOST_CLAIMS_EACH)


class JoiningBody(BaseModel):
    """A worker asks to join a dispute of others with the same cause, by its number."""

    number: str = Field(max_length=64)
    claims: list[ClaimBody] = Field(min_length=1, max_length=MOST_CLAIMS_EACH)


class JoiningAnswerBody(BaseModel):
    """Whether somebody who asks joins."""

    worker_id: str = Field(max_length=128)
    agrees: bool


class RepresentativesBody(BaseModel):
    """Whom ten or more workers have chosen."""

    representatives: list[str] = Field(min_length=1, max_length=5)


class FactBody(BaseModel):
    """What interrupts the limitation on `first`, or suspends it until `last` (null: it goes on)."""

    ground: Ground
    first: dt.date
    last: dt.date | None = None


class DisputeStepBody(BaseModel):
    """A step. `on`: the day of it, for an officer who records it later; `forum`: the body that is asked to mediate or confirm;
    `due_on`: until when an agreement is performed, or the day of the hearing; `awards`: yuan by claim, null where it is not on money;
    `final`: what the award says of itself (null: by its amounts); `served`: when the parties got it (today where it is not said);
    `clear`, `hardship`: the conditions of execution in advance; `bound`: the enterprises that the award binds, by claim (all
    respondents where it is not said)."""

    step: Move
    on: dt.date | None = None
    text: Text | None = None
    forum: Forum | None = None
    due_on: dt.date | None = None
    awards: dict[str, Amount | None] = Field(default={}, max_length=MOST_CLAIMS)
    final: bool | None = None
    served: dict[Side, dt.date] = {}
    clear: bool = False
    hardship: bool = False
    bound: dict[str, list[Uscc]] = Field(default={}, max_length=MOST_CLAIMS)


class PartyBody(BaseModel):
    """An enterprise that is to become a party, and why; `third_party`: only the outcome touches it."""

    enterprise: Uscc
    role: DisputePartyRole = "respondent"
    text: Text | None = None


class SuccessionBody(BaseModel):
    """What an enterprise was merged or divided into, and the reason on record."""

    enterprise: Uscc
    successors: list[Uscc] = Field(min_length=1, max_length=5)
    ground: SuccessionGround
    text: Text


class DisclosureBody(BaseModel):
    """To whom a file is shown."""

    to: Party


@creating.post("/disputes", status_code=201)
async def open_dispute(body: OpeningBody, worker: Worker, response: Response) -> DisputeDetail:
    """Put a grievance to an enterprise (德人社发〔2022〕95 号 art. 18); a dispute begins with it."""
    assert worker.worker_id is not None
    worker_id = worker.worker_id
    opening = Opening(**body.model_dump(exclude={"claims"}), claims=[claim.claiming for claim in body.claims])
    dispute = await transact(lambda tx: opening_commands.open_dispute(opening, worker_id, tx))
    response.headers["Location"] = f"/v1/disputes/{dispute.id}"
    return await shown_to(dispute, worker, response)


@creating.post("/disputes/applications", status_code=201)
async def apply(body: ArbitrationBody, platform: Platform, response: Response) -> DisputeDetail:
    """Apply for arbitration against a worker, as the platform or its partner (劳动争议调解仲裁法 art. 22, 28). The worker hears of it;
    `leave` takes it back, and the other steps are those of any dispute."""
    assert platform.uscc is not None
    uscc = platform.uscc
    fields = body.model_dump(exclude={"claims", "platform"})
    applying = Applying(**fields, platform=body.platform or uscc, claims=[claim.claiming for claim in body.claims])
    dispute = await transact(lambda tx: enterprise_commands.apply(applying, uscc, platform.subject, tx))
    response.headers["Location"] = f"/v1/disputes/{dispute.id}"
    return await shown_to(dispute, platform, response)


@creating.post("/disputes/joining", status_code=204)
async def ask_to_join(body: JoiningBody, worker: Worker) -> None:
    """Ask to join a dispute of others, before a body decides on it: for who has worked with its enterprise and claims the same
    (劳动争议调解仲裁法 art. 7). Those who act in it, or the body that has it in hand, agree or not; nothing of it is shown before."""
    assert worker.worker_id is not None
    worker_id, claims = worker.worker_id, [claim.claiming for claim in body.claims]
    await transact(lambda tx: people_commands.ask_to_join(body.number, claims, worker_id, tx))


@router.get("/disputes")
async def list_disputes(
    caller: DisputeParty,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only disputes that stand so")] = None,
) -> Page[DisputeView]:
    """Disputes, the newest first: a worker's own, those with an enterprise, or those that an officer's department has."""
    wanted = {} if state is None else {"state": state}

    async def list_of(known: Caller) -> Page[DisputeView]:
        return await Page.of(Dispute, await seen_by(known) | wanted, DisputeView.of, page, sort="-_id")

    return await listed(caller, list_of)


@router.get("/disputes/{dispute_id}")
async def read_dispute(dispute_id: str, caller: DisputeParty, response: Response) -> DisputeDetail:
    """A dispute with its file."""
    return await shown_to(await dispute_of(dispute_id, caller), caller, response)


@router.post("/disputes/{dispute_id}/steps")
async def take_step(
    dispute_id: str, body: DisputeStepBody, caller: DisputeParty, seen: RevisionSeen, response: Response
) -> DisputeDetail:
    """Take a step: which ones there are in a state, and for whom, says `python -m services.complaints states`. One of several workers,
    for whom others act, may sue against an award by themselves: the answer is a dispute of their own (解释（一） art. 17)."""
    taking = Taking(**body.model_dump(), party=caller.uscc)

    async def work(dispute: Dispute, side: Side, tx: Transaction) -> Dispute:
        acting = await standing(caller, dispute.workers, tx)
        if side == "worker" and acting.worker_id is not None and sues_alone(dispute, acting, body.step):
            return await commands.sue_alone(dispute, acting.worker_id, taking, caller.subject, tx)
        return await commands.take(dispute, taking, side, caller.subject, tx)

    return await changed(dispute_id, caller, body.step, seen, response, work)


@router.post("/disputes/{dispute_id}/facts")
async def record_fact(
    dispute_id: str, body: FactBody, caller: Claimant, seen: RevisionSeen, response: Response
) -> DisputeDetail:
    """Record what interrupts or suspends the limitation (劳动争议调解仲裁法 art. 27)."""

    async def work(dispute: Dispute, side: Side, tx: Transaction) -> Dispute:
        check_claimant(side, dispute.applicant)
        return await term_commands.record_fact(dispute, body.ground, body.first, body.last, tx)

    return await changed(dispute_id, caller, None, seen, response, work)


@router.post("/disputes/{dispute_id}/parties")
async def add_party(
    dispute_id: str, body: PartyBody, caller: Claimant, seen: RevisionSeen, response: Response
) -> DisputeDetail:
    """Add a respondent, as who applied, before the hearing; or a respondent or a third party as the commission, by itself
    (劳动争议调解仲裁法 art. 22, 23). It hears of it, with its own term to answer, and sees the file from the application on."""

    async def work(dispute: Dispute, side: Side, tx: Transaction) -> Dispute:
        adding = Adding(enterprise=body.enterprise, role=body.role, side=side)
        return await party_commands.add(dispute, adding, body.text, tx)

    return await changed(dispute_id, caller, None, seen, response, work)


@router.post("/disputes/{dispute_id}/successions")
async def succeed(
    dispute_id: str, body: SuccessionBody, caller: Handler, seen: RevisionSeen, response: Response
) -> DisputeDetail:
    """Record that what an enterprise was merged or divided into takes its place (解释（一） art. 26)."""
    how = Succeeding(**body.model_dump(), by=caller.subject)

    async def work(dispute: Dispute, _: Side, tx: Transaction) -> Dispute:
        return await party_commands.succeed(dispute, how, tx)

    return await changed(dispute_id, caller, None, seen, response, work)


@router.post("/disputes/{dispute_id}/joining")
async def answer_joining(
    dispute_id: str, body: JoiningAnswerBody, caller: Claimant, seen: RevisionSeen, response: Response
) -> DisputeDetail:
    """Agree that somebody joins, or not: by the representatives, the first applicant, or the body that has the dispute in hand."""

    async def work(dispute: Dispute, _: Side, tx: Transaction) -> Dispute:
        return await people_commands.answer_joining(dispute, body.worker_id, tx, agrees=body.agrees)

    return await changed(dispute_id, caller, None, seen, response, work)


@router.put("/disputes/{dispute_id}/representatives")
async def choose_representatives(
    dispute_id: str, body: RepresentativesBody, caller: Handler, seen: RevisionSeen, response: Response
) -> DisputeDetail:
    """Record whom ten or more workers have chosen to act for them (art. 7)."""

    async def work(dispute: Dispute, _: Side, tx: Transaction) -> Dispute:
        return await opening_commands.choose(dispute, body.representatives, tx)

    return await changed(dispute_id, caller, None, seen, response, work)


@router.get("/disputes/{dispute_id}/similar")
async def similar_rulings(
    dispute_id: str, caller: Judging, limit: Annotated[int, Query(ge=1, le=50, description="at most so many")] = 10
) -> list[SimilarView]:
    """Earlier rulings of the same category that are most like it, and why (统一裁判标准): of the newest 2,000."""
    dispute = await dispute_of(dispute_id, caller)
    sought = Sought(
        category=dispute.category,
        claims=[claim.kind for claim in dispute.claims],
        relation=dispute.relation,
        text=dispute.clear_text,
    )
    return [SimilarView.of(one) for one in await rulings.similar(sought, limit)]


async def _files(dispute_id: str, caller: DisputeParty) -> Files:
    async def read() -> str:
        return (await dispute_of(dispute_id, caller)).matter

    async def hand_in(tx: Transaction) -> str:
        return (await dispute_of(dispute_id, caller, tx)).matter

    async def own() -> list[str | None] | None:
        if caller.role != "platform":
            return None
        dispute = await dispute_of(dispute_id, caller)
        own = dispute.places_of(caller.uscc)
        return own if dispute.role_of(caller.uscc) is not None else [*own, None]

    return Files(caller, read, hand_in, own)


files = evidence_router("/disputes/{dispute_id}", "disputes 争议调处", _files, content="")


@router.post("/disputes/{dispute_id}/evidence/{evidence_id}/disclosure")
async def disclose(dispute_id: str, evidence_id: str, body: DisclosureBody, caller: Handler) -> EvidenceView:
    """Show a file to the other side, for the exchange of evidence."""

    async def show(tx: Transaction) -> EvidenceView:
        dispute = await dispute_of(dispute_id, caller, tx)
        await in_hand(dispute_id, caller, None, dispute.revision, tx)
        found = await evidence.evidence_of(dispute.matter, evidence_id, "officer", tx)
        return EvidenceView.of(await evidence.disclose(found, body.to, confidential=False, tx=tx))

    return await transact(show)


async def changed(
    dispute_id: str,
    caller: Caller,
    step: Move | None,
    seen: int,
    response: Response,
    work: Callable[[Dispute, Side, Transaction], Awaitable[Dispute]],
) -> DisputeDetail:
    async def act(tx: Transaction) -> Dispute:
        dispute, side = await in_hand(dispute_id, caller, step, seen, tx)
        return await work(dispute, side, tx)

    return await shown_to(await transact(act), caller, response)


async def shown_to(dispute: Dispute, caller: Caller, response: Response) -> DisputeDetail:
    set_etag(response, dispute.revision)
    return await detail_of(dispute, caller)
