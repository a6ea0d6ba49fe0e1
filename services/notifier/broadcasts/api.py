"""Broadcasts over HTTP, for officers of the department and district that they belong to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.notifier.broadcasts import audience, commands, rules, sheet
from services.notifier.broadcasts.documents import Broadcast
from services.notifier.broadcasts.sheet import most_parts
from services.notifier.broadcasts.views import (
    BroadcastBody,
    BroadcastView,
    Example,
    FaultView,
    Preview,
    ProgressView,
    RowView,
)
from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.rules import State as DeliveryState
from services.notifier.sheets.documents import SheetFault
from services.notifier.sheets.reading import MOST_BYTES
from services.notifier.sheets.rules import PHONE, WORKER, places_of
from shared.callers import Caller
from shared.storage.client import Row, collection_of
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import ALL, callers, reach
from shared.web.tables import EXCEL, TableFormat, form_response, table_response

creating = APIRouter(prefix="/v1", tags=["broadcasts 群发"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["broadcasts 群发"])

SHEET = {
    "requestBody": {
        "required": True,
        "description": f"the columns {PHONE} and {WORKER}, and one for each place of the text",
        "content": {
            EXCEL: {"schema": {"type": "string", "format": "binary"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    }
}

Officer = Annotated[Caller, callers(article=ALL, district="document")]


@creating.post("/broadcasts", status_code=201)
async def create_broadcast(body: BroadcastBody, officer: Officer, response: Response) -> BroadcastView:
    """Write a broadcast, for an officer of a department that is responsible for what it serves; only to the own district."""
    broadcast = await transact(lambda tx: commands.create(body.written, officer, tx))
    response.headers["Location"] = f"/v1/broadcasts/{broadcast.id}"
    return _answered(broadcast, response)


@router.get("/broadcasts")
async def list_broadcasts(
    officer: Officer,
    page: PageAsked,
    state: Annotated[rules.State | None, Query(description="only those that stand so")] = None,
) -> Page[BroadcastView]:
    """The broadcasts of the officer's own department and district, the oldest first."""
    wanted: dict[str, Any] = {"department": officer.department, **reach(officer, district="district")}
    if state is not None:
        wanted["state"] = state
    return await Page.of(Broadcast, wanted, BroadcastView.of, page)


@router.get("/broadcasts/{broadcast_id}")
async def read_broadcast(broadcast_id: str, officer: Officer, response: Response) -> ProgressView:
    """A broadcast, and how far it is."""
    broadcast = await commands.seen_by(officer, broadcast_id)
    counted: list[Row] = [{"$match": {"broadcast": broadcast.id}}, {"$group": {"_id": "$state", "rows": {"$sum": 1}}}]
    rows = {row["_id"]: row["rows"] for row in await collection_of(Delivery).aggregate(counted).to_list(None)}
    return ProgressView(**dict(_answered(broadcast, response)), rows=rows)


@router.put("/broadcasts/{broadcast_id}")
async def change_broadcast(
    broadcast_id: str, body: BroadcastBody, officer: Officer, seen: RevisionSeen, response: Response
) -> BroadcastView:
    """Write a draft anew."""
    changed = await transact(lambda tx: commands.change(broadcast_id, body.written, officer, seen, tx))
    return _answered(changed, response)


@router.get("/broadcasts/{broadcast_id}/preview")
async def preview_broadcast(broadcast_id: str, officer: Officer) -> Preview:
    """Whom a broadcast would reach now, with three of them, masked."""
    broadcast = await commands.seen_by(officer, broadcast_id)
    people = await audience.size(broadcast)
    if broadcast.sheet is not None:
        examples = [Example.of_sheet(*one) for one in await audience.sheet_examples(broadcast.sheet)]
    else:
        examples = [Example.of(*one) for one in await audience.examples(broadcast)]
    return Preview(people=people, sms=people * most_parts(broadcast.words[1]), examples=examples)


@router.post("/broadcasts/{broadcast_id}/sheet", max_body_size=MOST_BYTES, openapi_extra=SHEET)
async def send_sheet(
    broadcast_id: str, request: Request, officer: Officer, seen: RevisionSeen, response: Response
) -> BroadcastView:
    """Let a draft go to the people whom a sheet names, in place of those of districts: .xlsx, or CSV in UTF-8 or GB 18030.

    Each row names one person by phone or by worker's id. A bad row stops no good one: `sheet-faults` has all bad cells.
    """
    return _answered(await sheet.take_in(broadcast_id, await request.body(), officer, seen), response)


@router.get("/broadcasts/{broadcast_id}/sheet-template", response_class=StreamingResponse)
async def download_template(broadcast_id: str, officer: Officer) -> StreamingResponse:
    """The empty sheet to fill in, all of it text: phone, worker's id, and a column for each place of the text."""
    broadcast = await commands.seen_by(officer, broadcast_id)
    columns = [PHONE, WORKER, *places_of(broadcast.words[1])]
    return await form_response("群发名单", columns)


@router.get("/broadcasts/{broadcast_id}/sheet-faults")
async def list_faults(broadcast_id: str, officer: Officer, page: PageAsked) -> Page[FaultView]:
    """The bad cells of the sheet, in its order."""
    broadcast = await commands.seen_by(officer, broadcast_id)
    return await Page.of(SheetFault, {"sheet": broadcast.sheet or ""}, FaultView.of, page)


@router.get("/broadcasts/{broadcast_id}/sheet-faults/table", response_class=StreamingResponse)
async def download_faults(broadcast_id: str, officer: Officer, kind: TableFormat = "xlsx") -> StreamingResponse:
    """The bad cells of the sheet as a sheet."""
    broadcast = await commands.seen_by(officer, broadcast_id)
    found = SheetFault.find({"sheet": broadcast.sheet or ""}).sort("_id")
    rows = ((fault.cell, fault.zh, fault.en) async for fault in found)
    return await table_response("群发名单错误", ["单元格", "说明", "English"], rows, kind)


@router.post("/broadcasts/{broadcast_id}/proposal")
async def propose_broadcast(
    broadcast_id: str, officer: Officer, seen: RevisionSeen, response: Response
) -> BroadcastView:
    """Ask a second officer for approval."""
    return _answered(await transact(lambda tx: commands.propose(broadcast_id, officer, seen, tx)), response)


@router.post("/broadcasts/{broadcast_id}/return")
async def send_broadcast_back(
    broadcast_id: str, officer: Officer, seen: RevisionSeen, response: Response
) -> BroadcastView:
    """Give a proposal back, to be written anew."""
    return _answered(await transact(lambda tx: commands.send_back(broadcast_id, officer, seen, tx)), response)


@router.post("/broadcasts/{broadcast_id}/approval")
async def approve_broadcast(
    broadcast_id: str, officer: Officer, seen: RevisionSeen, response: Response
) -> BroadcastView:
    """Approve a proposal, and begin it: a second officer, who had no hand in it."""
    return _answered(await transact(lambda tx: commands.approve(broadcast_id, officer, seen, tx)), response)


# While it is sent, a broadcast changes every second: what ends or lets it rest rests on no reading of it.


@router.post("/broadcasts/{broadcast_id}/pause")
async def pause_broadcast(broadcast_id: str, officer: Officer, response: Response) -> BroadcastView:
    """Let a broadcast rest; some seconds' messages are on their way already."""
    return await _moved(commands.pause, broadcast_id, officer, response)


@router.post("/broadcasts/{broadcast_id}/resumption")
async def resume_broadcast(broadcast_id: str, officer: Officer, response: Response) -> BroadcastView:
    """Let a broadcast go on where it rests."""
    return await _moved(commands.resume, broadcast_id, officer, response)


@router.post("/broadcasts/{broadcast_id}/stop")
async def stop_broadcast(broadcast_id: str, officer: Officer, response: Response) -> BroadcastView:
    """End a broadcast for good."""
    return await _moved(commands.stop, broadcast_id, officer, response)


@router.get("/broadcasts/{broadcast_id}/rows")
async def list_rows(
    broadcast_id: str,
    officer: Officer,
    page: PageAsked,
    state: Annotated[DeliveryState, Query(description="those whose message stands so")],
) -> Page[RowView]:
    """The people of a broadcast whose message stands so."""
    broadcast = await commands.seen_by(officer, broadcast_id)
    return await Page.of(Delivery, {"broadcast": broadcast.id, "state": state}, RowView.of, page)


async def _moved(
    move: Callable[[str, Caller, Transaction], Awaitable[Broadcast]],
    broadcast_id: str,
    officer: Caller,
    response: Response,
) -> BroadcastView:
    return _answered(await transact(lambda tx: move(broadcast_id, officer, tx)), response)


def _answered(broadcast: Broadcast, response: Response) -> BroadcastView:
    set_etag(response, broadcast.revision)
    return BroadcastView.of(broadcast)
