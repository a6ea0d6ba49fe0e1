"""Everything that is told to the tax office and asked of it. All raise `Unanswered` where no answer comes; the same number has the
same answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Literal
from urllib.parse import quote

import httpx2
import msgspec

from services.insurance.tax.connection import LINE
from shared.signed_line import Unanswered, read

__all__ = ["Answer", "Listed", "Unanswered", "declare", "list_statements"]


class Answer(msgspec.Struct, frozen=True):
    """What became of a statement."""

    request_number: str
    receipt_number: str
    status: Literal["accepted", "rejected"]
    reason: str | None = None


class Listed(msgspec.Struct, frozen=True):
    """A statement as the tax office has it. Amounts in yuan; `replaced`: a later one has taken its place."""

    request_number: str
    receipt_number: str
    status: Literal["accepted", "rejected"]
    payer: str
    month: str
    amount: str
    paid: str
    reason: str | None = None
    replaced: bool = False


class _Page(msgspec.Struct, frozen=True):
    items: list[Listed]
    next: str | None


async def declare(number: str, body: Mapping[str, object]) -> Answer:
    """Tell a statement under its number."""
    response = await LINE.post("/v1/statements", {"request_number": number, **body})
    if response.status_code == httpx2.codes.CONFLICT:
        response = await LINE.get(f"/v1/statements/{quote(number, safe='')}")
    answer = read(response, Answer)
    if answer.request_number != number:
        raise Unanswered("not an answer to this statement")
    return answer


async def list_statements() -> AsyncIterator[Listed]:
    """Every statement that the tax office has from here."""
    cursor: str | None = "0"
    while cursor is not None:
        page = read(await LINE.get("/v1/statements", {"cursor": cursor}), _Page)
        for listed in page.items:
            yield listed
        cursor = page.next
