"""What an enterprise reads of its own penalties over HTTP, says, and asks for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response

from services.complaints.evidence.views import download
from services.complaints.penalties import evidence_commands, hearing_commands, payment_commands
from services.complaints.penalties.access import own_penalty, penalty_of, seen_by
from services.complaints.penalties.body import PenaltyText
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.told_views import ShownEvidence, ToldRow, ToldView
from shared.callers import Caller
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Platform
from shared.web.etags import RevisionSeen, set_etag
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


@router.get("/penalties/told")
async def list_told(platform: Platform, page: PageAsked) -> Page[ToldRow]:
    """An enterprise's own penalties that it was told of, the newest first."""
    return await Page.of(Penalty, await seen_by(platform), ToldRow.of, page, sort="-_id")


@router.get("/penalties/{penalty_id}/letter")
async def read_letter(penalty_id: str, platform: Platform, response: Response) -> ToldView:
    """A penalty as the enterprise was told of it."""
    return _told(await penalty_of(penalty_id, platform), response)


@router.get("/penalties/{penalty_id}/shown-evidence")
async def list_shown_evidence(penalty_id: str, platform: Platform) -> list[ShownEvidence]:
    """The files that a penalty rests on, for the enterprise to answer to (行政处罚法 art. 44, 45, 64); the reading is written down."""
    penalty = await penalty_of(penalty_id, platform)
    await write_down("penalty.evidence_listed", penalty.id, platform)
    return [ShownEvidence.of(one) for one in await evidence_commands.shown(penalty)]


@router.get("/penalties/{penalty_id}/shown-evidence/{evidence_id}/content")
async def read_shown_evidence(penalty_id: str, evidence_id: str, platform: Platform) -> Response:
    """A file that a penalty rests on; the reading is written down."""
    penalty = await penalty_of(penalty_id, platform)
    found = await evidence_commands.shown_file(penalty, evidence_id)
    await write_down("penalty.evidence_read", found.id, platform)
    return await download(found)


@router.post("/penalties/{penalty_id}/statement")
async def state(
    penalty_id: str, body: PenaltyText, platform: Platform, seen: RevisionSeen, response: Response
) -> ToldView:
    """State and defend (陈述申辩; 行政处罚法 art. 45); files are handed in as evidence."""
    return await _own(penalty_id, platform, seen, response, lambda one, tx: hearing_commands.state(one, body.text, tx))


@router.post("/penalties/{penalty_id}/waiver")
async def waive(penalty_id: str, platform: Platform, seen: RevisionSeen, response: Response) -> ToldView:
    """Say that one will not state, defend or be heard any more (行政处罚法 art. 62)."""
    return await _own(penalty_id, platform, seen, response, hearing_commands.waive)


@router.post("/penalties/{penalty_id}/hearing-request")
async def ask_hearing(
    penalty_id: str, body: PenaltyText, platform: Platform, seen: RevisionSeen, response: Response
) -> ToldView:
    """Ask for a hearing (行政处罚法 art. 63)."""
    return await _own(
        penalty_id, platform, seen, response, lambda one, tx: hearing_commands.ask_hearing(one, body.text, tx)
    )


@router.post("/penalties/{penalty_id}/deferral-request")
async def ask_deferral(
    penalty_id: str, body: PenaltyText, platform: Platform, seen: RevisionSeen, response: Response
) -> ToldView:
    """Ask to pay later or in parts (行政处罚法 art. 66)."""
    return await _own(
        penalty_id, platform, seen, response, lambda one, tx: payment_commands.ask_deferral(one, body.text, tx)
    )


async def _own(
    penalty_id: str,
    platform: Caller,
    seen: int,
    response: Response,
    work: Callable[[Penalty, Transaction], Awaitable[Penalty]],
) -> ToldView:
    async def act(tx: Transaction) -> Penalty:
        return await work(await own_penalty(penalty_id, platform, seen, tx), tx)

    return _told(await transact(act), response)


def _told(penalty: Penalty, response: Response) -> ToldView:
    set_etag(response, penalty.revision)
    return ToldView.of(penalty)
