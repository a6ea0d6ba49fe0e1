"""Evidence over HTTP: what the routes of the matters have in common. Who may see or act on a matter, each of them asks itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Response, UploadFile

from services.complaints.evidence import commands
from services.complaints.evidence.documents import Evidence
from services.complaints.evidence.rules import Party
from services.complaints.evidence.views import EvidenceView, download
from shared.callers import Caller
from shared.storage.audit import write_down
from shared.storage.client import Row
from shared.storage.transaction import Transaction, transact
from shared.web.files import LARGEST_REQUEST
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked


async def _handed_in(
    file: Annotated[UploadFile, File(description="JPEG, PNG, PDF, MP3, WAV, M4A or MP4 of at most 10 MB")],
    about: Annotated[str, Form(min_length=1, max_length=500, description="what it shows")],
) -> commands.File:
    return commands.File(file.filename or "", about, await file.read())


HandedIn = Annotated[commands.File, Depends(_handed_in)]
"""A file in a request of `multipart/form-data`."""


def party_of(caller: Caller) -> Party:
    """As whom a caller hands evidence in and sees it."""
    match caller.role:
        case "officer":
            return "officer"
        case "platform":
            return "enterprise"
    return "reporter"


async def _all() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a matter as a caller comes to them. `read`: the matter, where they may read it; `hand_in`: the matter, where they
    may add to it, looked up in the transaction that keeps their file. Whatever they may not is raised. `own`: where several
    enterprises have part in the matter, as which of them the caller sees what enterprises handed in; None: they see it all."""

    caller: Caller
    read: Callable[[], Awaitable[str]]
    hand_in: Callable[[Transaction], Awaitable[str]]
    own: Callable[[], Awaitable[list[str | None] | None]] = _all


def evidence_router(
    matter: str, tag: str, files: Callable[..., Awaitable[Files]], *, content: str = "/content"
) -> APIRouter:
    """The routes of a matter's files: hand one in, list them, and read one. `matter`: its path below `/v1`; `files`: the dependency
    that says who comes to them; `content`: what stands behind a file's path where it is read."""
    router = APIRouter(prefix=f"/v1{matter}/evidence", tags=[tag], route_class=IdempotentRoute)
    given = Depends(files)

    @router.post("", status_code=201, max_body_size=LARGEST_REQUEST)
    async def hand_in(file: HandedIn, files: Files = given) -> EvidenceView:
        """Hand in a file, as a party to the matter or as an officer who has it in hand."""

        async def keep(tx: Transaction) -> Evidence:
            matter, by = await files.hand_in(tx), party_of(files.caller)
            return await commands.keep(matter, by, file, tx, enterprise=files.caller.uscc)

        return EvidenceView.of(await transact(keep))

    @router.get("")
    async def list_evidence(page: PageAsked, files: Files = given) -> Page[EvidenceView]:
        """The files of the matter that the caller may see, the oldest first."""
        shown: Row = {"matter": await files.read(), "shown_to": party_of(files.caller)}
        if (own := await files.own()) is not None:
            shown |= commands.of_enterprises(own)
        return await Page.of(Evidence, shown, EvidenceView.of, page)

    @router.get(f"/{{evidence_id}}{content}")
    async def read_evidence(evidence_id: str, files: Files = given) -> Response:
        """A file of the matter that the caller may see, to be saved; that an officer reads it is written down."""
        found = await commands.evidence_of(await files.read(), evidence_id, party_of(files.caller))
        if (own := await files.own()) is not None:
            commands.check_enterprise(found, own)
        if files.caller.role == "officer":
            await write_down("evidence.read", found.id, files.caller)
        return await download(found)

    return router
