"""Evidence over HTTP: what the routes of the matters have in common. Who may see or act on a matter, each of them asks itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, File, Form, Response, UploadFile

from services.complaints.evidence import commands
from services.complaints.evidence.documents import Evidence
from services.complaints.evidence.rules import Party
from services.complaints.evidence.views import EvidenceView, download
from shared.callers import Caller
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.files import LARGEST_REQUEST as LARGEST_REQUEST
from shared.web.paging import Page, PageAsked


async def _handed_in(
    file: Annotated[UploadFile, File(description="JPEG, PNG, PDF, MP3, WAV, M4A or MP4 of at most 10 MB")],
    about: Annotated[str, Form(min_length=1, max_length=500, description="what it shows")],
) -> commands.File:
    return commands.File(file.filename or "", about, await file.read())


HandedIn = Annotated[commands.File, Depends(_handed_in)]
"""A file in a request of `multipart/form-data`; the route allows `max_body_size=LARGEST_REQUEST`."""


def party_of(caller: Caller) -> Party:
    """As whom a caller hands evidence in and sees it."""
    match caller.role:
        case "officer":
            return "officer"
        case "platform":
            return "enterprise"
    return "reporter"


async def keep_file(
    file: commands.File, caller: Caller, matter: Callable[[Transaction], Awaitable[str]]
) -> EvidenceView:
    """Keep a file that a caller hands in, for the `matter` that is looked up, and opened to them, in the same transaction."""

    async def keep(tx: Transaction) -> Evidence:
        return await commands.keep(await matter(tx), party_of(caller), file, tx)

    return EvidenceView.of(await transact(keep))


async def evidence_page(matter: str, caller: Caller, page: PageAsked) -> Page[EvidenceView]:
    """What a caller may see of a matter's evidence, the oldest first."""
    return await Page.of(Evidence, {"matter": matter, "shown_to": party_of(caller)}, EvidenceView.of, page)


async def read_file(matter: str, evidence_id: str, caller: Caller) -> Response:
    """A file that a caller may see, to be saved; that an officer reads it is written down."""
    found = await commands.evidence_of(matter, evidence_id, party_of(caller))
    if caller.role == "officer":
        await write_down("evidence.read", found.id, caller)
    return await download(found)
