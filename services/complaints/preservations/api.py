"""Evidence that is kept over HTTP: inspectors ask, the head gives leave, another officer decides; the enterprise reads its list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty
from services.complaints.preservations import commands
from services.complaints.preservations.access import in_hand, origin_of, preservation_of, seen_by
from services.complaints.preservations.commands import Asked
from services.complaints.preservations.documents import Preservation
from services.complaints.preservations.rules import OriginKind, Outcome
from services.complaints.preservations.views import KeptList, PreservationFile, PreservationRow
from shared.callers import Caller
from shared.ids import new_id
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Platform
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers

creating = APIRouter(prefix="/v1", tags=["preservations 先行登记保存"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["preservations 先行登记保存"])

Keeper = Annotated[Caller, callers(departments=[HRSS], district="document")]
Reader = Annotated[Caller, callers("platform", departments=[HRSS], district="document")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Subject = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ItemBody(BaseModel):
    """A thing to be kept: what, how many, in which condition."""

    what: Short
    count: int = Field(default=1, ge=1, le=100_000)
    condition: Short


class KeepingBody(BaseModel):
    """What is to be kept, for which matter, where and why, and the inspectors who register it, the caller one of them."""

    origin: OriginKind
    origin_id: str = Field(min_length=1, max_length=64)
    place: Short
    items: list[ItemBody] = Field(min_length=1, max_length=200)
    reason: Text
    officers: list[Subject] = Field(min_length=1, max_length=10)

    @property
    def asked(self) -> Asked:
        items = [(one.what, one.count, one.condition) for one in self.items]
        return Asked(place=self.place, items=items, reason=self.reason, officers=self.officers)


class KeepingText(BaseModel):
    """What somebody writes."""

    text: Text


class KeepingDecision(BaseModel):
    """What becomes of it, and why."""

    outcome: Outcome
    text: Text


Work = Callable[[Preservation, Officer, Transaction], Awaitable[Preservation]]


async def _acted(
    preservation_id: str, caller: Caller, seen: int, response: Response, what: str, duty: Duty, work: Work
) -> PreservationFile:
    async def act(tx: Transaction) -> Preservation:
        found, officer = await in_hand(preservation_id, caller, duty, seen, tx)
        await write_down(f"preservation.{what}", found.id, caller, tx)
        return await work(found, officer, tx)

    return _shown(await transact(act), response)


async def _step(
    preservation_id: str, caller: Keeper, seen: RevisionSeen, response: Response
) -> Callable[[str, Duty, Work], Awaitable[PreservationFile]]:
    return partial(_acted, preservation_id, caller, seen, response)


Step = Annotated[Callable[[str, Duty, Work], Awaitable[PreservationFile]], Depends(_step)]
"""Takes an officer's step with what a route names, and gives the answer."""


@creating.post("/preservations", status_code=201)
async def ask(body: KeepingBody, caller: Keeper, response: Response) -> PreservationFile:
    """Ask leave to register evidence and keep it where it is (行政处罚法 art. 56)."""
    preservation_id = new_id()

    async def store(tx: Transaction) -> Preservation:
        origin, officer = await origin_of(body.origin, body.origin_id, caller, tx)
        await write_down("preservation.asked", preservation_id, caller, tx)
        return await commands.ask(preservation_id, body.asked, origin, officer, tx)

    found = await transact(store)
    response.headers["Location"] = f"/v1/preservations/{found.id}"
    return _shown(found, response)


@router.get("/preservations")
async def list_kept(caller: Reader, page: PageAsked) -> Page[PreservationRow]:
    """What is or was kept: an enterprise's own, or within an officer's reach, the newest first."""
    return await Page.of(Preservation, await seen_by(caller), PreservationRow.of, page, sort="-_id")


@router.get("/preservations/{preservation_id}")
async def read(preservation_id: str, caller: Keeper, response: Response) -> PreservationFile:
    """What is kept, with all that belongs to it, for officers."""
    return _shown(await preservation_of(preservation_id, caller), response)


@router.get("/preservations/{preservation_id}/list")
async def read_list(preservation_id: str, platform: Platform) -> KeptList:
    """The list of what is kept, for the enterprise; that it has it is written down."""
    found = await preservation_of(preservation_id, platform)
    await write_down("preservation.list_read", found.id, platform)
    return KeptList.of(found)


@router.post("/preservations/{preservation_id}/approval")
async def approve(step: Step) -> PreservationFile:
    """Give leave, as the head of the office."""
    return await step("approved", "chief", commands.approve)


@router.post("/preservations/{preservation_id}/refusal")
async def refuse(body: KeepingText, step: Step) -> PreservationFile:
    """Give no leave, as the head of the office."""
    return await step("refused", "chief", lambda one, who, tx: commands.refuse(one, body.text, who, tx))


@router.post("/preservations/{preservation_id}/decision")
async def decide(body: KeepingDecision, step: Step) -> PreservationFile:
    """Decide what becomes of what is kept, within its days."""
    return await step(
        "decided", "approver", lambda one, who, tx: commands.decide(one, body.outcome, body.text, who, tx)
    )


def _shown(found: Preservation, response: Response) -> PreservationFile:
    set_etag(response, found.revision)
    return PreservationFile.of(found)
