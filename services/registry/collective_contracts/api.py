"""Collective contracts over HTTP: the union puts them on file, the labour department reviews them, whoever is bound reads."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from services.registry.collective_contracts import commands as contracting
from services.registry.collective_contracts import review, voting
from services.registry.collective_contracts.documents import CollectiveContract
from services.registry.collective_contracts.rules import Agreed, Assembly, Clause, State, Vote
from services.registry.collective_contracts.views import ContractView, Minutes, contract_view
from services.registry.consultations.access import any_of, seen_by
from services.registry.fields import Name, Text
from shared import clock
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.contracts.registry import ClauseUnit, Subject
from shared.errors import NotFound
from shared.policy.calendar import shanghai_date
from shared.storage.client import Row
from shared.storage.fields import Yuan
from shared.storage.transaction import transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, Everybody, callers, departments_of

creating = APIRouter(prefix="/v1", tags=["collective contracts 集体合同"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["collective contracts 集体合同"])


UnionCaller = Annotated[Caller, callers("union")]
Filer = Annotated[Caller, callers("platform", departments=[HRSS], district="document")]
Bureau = Annotated[Caller, callers(departments=[HRSS], district="document")]


class VoteHeld(BaseModel):
    """How the draft was voted on (劳动合同法 art. 51): it passes with two thirds present and half of all in favour (集体合同规定
    art. 36)."""

    body: Assembly = Field(description="The workers' congress, or all workers.")
    entitled: Annotated[int, Field(ge=1, description="All representatives, or all workers.")]
    present: Annotated[int, Field(ge=0)]
    in_favour: Annotated[int, Field(ge=0)]
    against: Annotated[int, Field(ge=0)]
    held_on: dt.date
    minutes_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="The SHA-256 hash of the minutes.")]

    def vote(self) -> Vote:
        return Vote(**dict(self))


class ClauseGiven(BaseModel):
    """One thing that is agreed on a subject: a piece rate by `amount` and `unit`, a commission by `percent`, anything else by
    `text`."""

    subject: Subject
    industry: Industry | None = Field(None, description="Only for this trade.")
    amount: Annotated[Yuan | None, Field(gt=0, description="Yuan for each unit.")] = None
    unit: ClauseUnit | None = None
    percent: Annotated[Yuan | None, Field(ge=0, le=100, description="Of the fee, at most.")] = None
    text: Text | None = Field(None, description="The wording. No personal data.")
    since: dt.date | None = Field(None, description="Its first day, where that is not the one of the terms.")
    until: dt.date | None = Field(None, description="Its last day, where that is not the one of the contract.")


class AgreedTerms(BaseModel):
    """What is agreed; at least one part is. Pay is held against the local minimum wage (劳动合同法 art. 55)."""

    hourly_pay: Annotated[Yuan | None, Field(gt=0, description="Yuan for an hour of working time.")] = None
    longest_continuous_minutes: Minutes = Field(None, description="Of taking orders without a rest.")
    longest_daily_minutes: Minutes = Field(None, description="Of taking orders on one day.")
    waiting_percent: Annotated[
        Yuan | None, Field(ge=0, le=100, description="Allowance for waiting, in percent of the time of orders.")
    ] = None

    clauses: list[ClauseGiven] = Field(
        default=[], max_length=100, description="Piece rates, commissions, algorithms and whatever else is agreed."
    )

    def from_day(self, since: dt.date) -> Agreed:
        agreed = {name: getattr(self, name) for name in AgreedTerms.model_fields}
        return Agreed(since=since, **agreed | {"clauses": tuple(Clause(**dict(one)) for one in self.clauses)})


class ContractText(BaseModel):
    """A signed contract. Both days of its validity are legal days and belong to it."""

    number: Name
    signed_on: dt.date
    valid_from: dt.date
    valid_to: dt.date
    terms: AgreedTerms

    def text(self) -> contracting.Text:
        worded = {name: getattr(self, name) for name in ("number", "signed_on", "valid_from", "valid_to")}
        return contracting.Text(**worded, terms=self.terms.from_day(self.valid_from))


class NewContract(ContractText):
    """A collective contract as both sides signed it."""

    consultation_id: str = Field(description="The consultation that ended in this contract; it is closed with it.")
    vote: VoteHeld | None = Field(None, description="The vote, where the draft was voted on already.")


class Received(BaseModel):
    """The day on which the labour department received the contract."""

    received_on: dt.date | None = Field(None, description="When the labour department got it; today where absent.")


class ObjectionMade(BaseModel):
    """Why the labour department objects (劳动合同法 art. 54)."""

    reason: Text


class AmendmentSigned(AgreedTerms):
    """New terms in place of the earlier ones, from a day on; what is not named is not agreed any more."""

    since: dt.date
    signed_on: dt.date
    received_on: dt.date
    vote: VoteHeld | None = Field(None, description="How the new terms were voted on; they cannot be taken in without.")


class ContractEnding(BaseModel):
    """From when a collective contract ends early, and why."""

    ends_on: dt.date = Field(description="Its new last day, today at the earliest.")
    reason: Text


@creating.post("/collective-contracts", status_code=201)
async def draft_contract(body: NewContract, caller: UnionCaller, response: Response) -> ContractView:
    """A union puts the contract on file that it signed for the workers (劳动合同法 art. 51). It is filed once it has passed the
    vote of the workers' congress, or of all workers, which is part of this or follows."""
    vote = body.vote.vote() if body.vote else None
    kept = await transact(lambda tx: voting.draft(body.consultation_id, body.text(), vote, caller, tx))
    response.headers["Location"] = f"/v1/collective-contracts/{kept.id}"
    return _answered(kept, response)


@router.put("/collective-contracts/{contract_id}")
async def revise_contract(
    contract_id: str, body: ContractText, caller: UnionCaller, seen: RevisionSeen, response: Response
) -> ContractView:
    """A union replaces the text of a contract that is not filed, or that was objected to."""
    return _answered(
        await transact(lambda tx: contracting.revise(contract_id, body.text(), caller, seen, tx)), response
    )


@creating.post("/collective-contracts/{contract_id}/votes", status_code=201)
async def record_vote(
    contract_id: str, body: VoteHeld, caller: UnionCaller, seen: RevisionSeen, response: Response
) -> ContractView:
    """A union within its scope puts the vote on a draft on file; a draft that did not pass may be voted on again."""
    return _answered(
        await transact(lambda tx: voting.record_vote(contract_id, body.vote(), caller, seen, tx)), response
    )


@router.post("/collective-contracts/{contract_id}/filing")
async def file_contract(
    contract_id: str, body: Received, caller: Filer, seen: RevisionSeen, response: Response
) -> ContractView:
    """An enterprise that it binds hands the contract in, or an officer of the labour department takes it in.

    It is in force 15 days after it was received, unless the department objects (劳动合同法 art. 54).
    """
    received_on = body.received_on or shanghai_date(clock.now())
    return _answered(await transact(lambda tx: review.file(contract_id, received_on, caller, seen, tx)), response)


@router.post("/collective-contracts/{contract_id}/objection")
async def object_to_contract(
    contract_id: str, body: ObjectionMade, officer: Bureau, seen: RevisionSeen, response: Response
) -> ContractView:
    """The labour department objects to a filed contract, or to an amendment under review."""
    kept = await transact(lambda tx: review.object_to(contract_id, body.reason, officer, seen, tx))
    return _answered(kept, response)


@router.post("/collective-contracts/{contract_id}/amendments")
async def amend_contract(
    contract_id: str, body: AmendmentSigned, officer: Bureau, seen: RevisionSeen, response: Response
) -> ContractView:
    """The labour department takes in new terms that both sides signed; they hold after its review, as a contract does."""
    agreed, vote = body.from_day(body.since), body.vote.vote() if body.vote else None
    kept = await transact(
        lambda tx: review.amend(contract_id, agreed, vote, body.signed_on, body.received_on, officer, seen, tx)
    )
    return _answered(kept, response)


@router.post("/collective-contracts/{contract_id}/ending")
async def end_contract(
    contract_id: str, body: ContractEnding, officer: Bureau, seen: RevisionSeen, response: Response
) -> ContractView:
    """The labour department takes down that both sides end the contract before its time."""
    kept = await transact(lambda tx: review.shorten(contract_id, body.ends_on, body.reason, officer, seen, tx))
    return _answered(kept, response)


@router.get("/collective-contracts")
async def list_contracts(
    caller: Everybody,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
    platform: Annotated[
        str | None, Query(max_length=18, description="only of this platform, by its credit code")
    ] = None,
    industry: Annotated[Industry | None, Query(description="only of this trade")] = None,
    district: Annotated[str | None, Query(max_length=6, description="only of this district")] = None,
) -> Page[ContractView]:
    """Collective contracts, the oldest first. Those in force and those that have ended are open to every caller."""
    asked: Row = {"state": state, "platforms": platform, "industry": industry, "district": district}
    wanted = {name: value for name, value in asked.items() if value is not None}
    query = {"$and": [wanted, await _open_to(caller)]}
    return await Page.of(CollectiveContract, query, contract_view, page)


@router.get("/collective-contracts/{contract_id}")
async def read_contract(contract_id: str, caller: Everybody, response: Response) -> ContractView:
    """One collective contract with all its terms."""
    kept = await CollectiveContract.find_one({"$and": [{"_id": contract_id}, await _open_to(caller)]})
    if kept is None:
        raise NotFound("该集体合同", "this collective contract")
    return _answered(kept, response)


async def _open_to(caller: Caller) -> Row:
    public: Row = {"state": {"$in": ["in_force", "ended"]}}
    takes_part = caller.role in ("union", "platform") or caller.is_officer_of(*departments_of(10))
    return any_of([public, *await seen_by(caller)]) if takes_part else public


def _answered(kept: CollectiveContract, response: Response) -> ContractView:
    set_etag(response, kept.revision)
    return contract_view(kept)
