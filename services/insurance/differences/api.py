"""Differences over HTTP: which there are, and an officer's decision."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from services.insurance.access import Bureau
from services.insurance.differences import commands as differences
from services.insurance.differences.documents import NOTE, REASON, Difference
from services.insurance.differences.rules import DifferenceState, Kind
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.encryption import decrypt_field
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import fits, reach

router = APIRouter(prefix="/v1", tags=["exchange 省平台交换"], route_class=IdempotentRoute)


class ProvinceDifference(BaseModel):
    """What either side says of one request, contribution or payment, without personal data.

    `kind`: unknown_there, answer_lost, end_missing, end_receipt_lost (these mend themselves); unknown_here,
    end_unknown_here, other_end, unknown_bill (may be put right from here); other_facts, answered_otherwise, other_payment,
    other_person, unreadable (to be settled with the province); tax_unknown_here, tax_other_amount, tax_answered_otherwise,
    tax_other_paid (to be settled with the tax office). `reason`: why the province refused what would have mended it.
    """

    difference_id: str
    number: str
    kind: Kind
    state: DifferenceState
    district: str | None
    ours: dict[str, str | None] | None
    theirs: dict[str, str | None] | None
    reason: str | None
    resolved_by: str | None
    note: str | None
    updated_at: dt.datetime


class Resolution(BaseModel):
    """`put_right`: send the province what we know (an end, a withdrawal), or take a payment once more; `noted`: it was
    settled otherwise, as the note says.
    """

    action: Literal["noted", "put_right"]
    note: str = Field(min_length=1, max_length=1000)


@router.get("/differences")
async def list_differences(
    officer: Bureau,
    page: PageAsked,
    state: Annotated[DifferenceState, Query(description="open: waits for an officer")] = "open",
) -> Page[ProvinceDifference]:
    """Differences in one state, by age. Officers of a district see those of its enrolments."""
    query = reach(officer, district="district") | {"state": state}
    return await Page.of(Difference, query, _difference, page, sort="created_at")


@router.get("/differences/{difference_id}")
async def read_difference(difference_id: str, officer: Bureau, response: Response) -> ProvinceDifference:
    """One difference, with the `ETag` that a resolution needs."""
    found = await _own(difference_id, officer)
    set_etag(response, found.revision)
    return _difference(found)


@router.post("/differences/{difference_id}/resolution")
async def resolve_difference(
    difference_id: str, body: Resolution, officer: Bureau, seen: RevisionSeen
) -> ProvinceDifference:
    """An officer's decision on an open difference. `If-Match` names the revision that it rests on."""

    async def resolve(tx: Transaction) -> Difference:
        found = await _own(difference_id, officer, tx)
        require_revision(seen, found.revision)
        return await differences.resolve(found, body.action, body.note, officer.subject, tx)

    return _difference(await transact(resolve))


async def _own(difference_id: str, officer: Caller, tx: Transaction | None = None) -> Difference:
    found = await Difference.of(difference_id, tx)
    if found is None or not fits(found, reach(officer, district="district")):
        raise NotFound("该对账差异", "the difference")
    return found


def _difference(found: Difference) -> ProvinceDifference:
    return ProvinceDifference(
        difference_id=found.id,
        **found.model_dump(exclude={"id", "note", "reason"}),
        note=found.note and decrypt_field(NOTE, found.id, found.note),
        reason=found.reason and decrypt_field(REASON, found.id, found.reason),
    )
