"""The exchange over HTTP: how it stands and what differs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from services.insurance.exchange import commands, differences, wire
from services.insurance.exchange.access import Bureau, CityBureau
from services.insurance.exchange.documents import NOTE, REASON, Difference, Pull, Reconciliation
from services.insurance.exchange.rules import DifferenceState, ForbiddenStep, Kind
from shared import clock
from shared.policy import calendar
from shared.storage.encryption import decrypt_field
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Caller
from shared.web.etags import RevisionSeen, require_revision, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked, cursor_of, instant_and_id
from shared.web.problems import broken_rule, conflict, not_found
from shared.web.scope import fits, reach

router = APIRouter(prefix="/v1", tags=["exchange 省平台交换"], route_class=IdempotentRoute)


class Line(BaseModel):
    """The line to the province as the process that last used it saw it.

    `closed`: all is sent; `open`: nothing is sent, since the province did not answer; `half_open`: one call tries again.
    """

    state: Literal["closed", "open", "half_open"]
    since: dt.datetime | None
    failures: int


class ReconciliationView(BaseModel):
    """A day's comparison of enrolments. `compared` counts requests, `mended` the differences that are gone, `to_officer`
    those that wait for an officer; what is neither is being mended.
    """

    day: dt.date
    asked_by: str
    status: Literal["waiting", "finished"]
    compared: int
    differences: int
    mended: int
    to_officer: int
    finished_at: dt.datetime | None


class ExchangeView(BaseModel):
    """How the exchange stands. `paid_in_until`: up to which change the province's list of payments has been read."""

    line: Line
    last_reconciliation: ReconciliationView | None
    paid_in_until: dt.datetime | None
    open_differences: int


class DayToReconcile(BaseModel):
    """Which day's comparison is asked for. What is compared is always how both sides stand now."""

    day: dt.date | None = Field(default=None, description="the day that it is kept under; today where absent")


class ProvinceDifference(BaseModel):
    """What either side says of one request, contribution or payment, without personal data.

    `kind`: unknown_there, answer_lost, end_missing, end_receipt_lost (these mend themselves); unknown_here,
    end_unknown_here, other_end, unknown_bill (may be put right from here); other_facts, answered_otherwise, other_person,
    unreadable (to be settled with the province). `reason`: why the province refused what would have mended it.
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


@router.get("/exchange")
async def read_exchange(officer: CityBureau) -> ExchangeView:
    """Whether the province answers, when the enrolments were last compared, and how many differences are open."""
    latest = await Reconciliation.find({}).sort("-_id").limit(1).to_list()
    pulled = await Pull.of(commands.PULLED)
    line = await wire.remembered()
    return ExchangeView(
        line=Line(**line) if line else Line(state="closed", since=None, failures=0),
        last_reconciliation=_result(latest[0]) if latest else None,
        paid_in_until=pulled.since if pulled and pulled.since.year > 1970 else None,
        open_differences=await Difference.find({"state": "open"}).count(),
    )


@router.post("/reconciliations", status_code=status.HTTP_202_ACCEPTED)
async def reconcile(body: DayToReconcile, officer: CityBureau) -> ReconciliationView:
    """Compare all enrolments with the province's now; officers of the city. The result is read under its day."""
    today = calendar.shanghai_date(clock.now())
    day = body.day or today
    if day > today:
        raise broken_rule("day-ahead", "对账日期不能晚于今天", "the day has not come yet")
    return _result(await transact(lambda tx: commands.ask_reconciliation(day, officer.subject, tx)))


@router.get("/reconciliations")
async def list_reconciliations(officer: CityBureau, page: PageAsked) -> Page[ReconciliationView]:
    """Comparisons, the latest day first."""
    found = await Reconciliation.find(_before(page.after)).sort("-_id").limit(page.limit + 1).to_list()
    shown = found[: page.limit]
    more = len(found) > page.limit
    return Page(items=[_result(one) for one in shown], next=cursor_of(shown[-1].id) if more else None)


@router.get("/reconciliations/{day}")
async def read_reconciliation(day: dt.date, officer: CityBureau) -> ReconciliationView:
    """The comparison of a day."""
    found = await Reconciliation.of(day.isoformat())
    if found is None:
        raise not_found("该日对账结果", "the comparison of that day")
    return _result(found)


@router.get("/differences")
async def list_differences(
    officer: Bureau,
    page: PageAsked,
    state: Annotated[DifferenceState, Query(description="open: waits for an officer")] = "open",
) -> Page[ProvinceDifference]:
    """Differences in one state, by age. Officers of a district see those of its enrolments."""
    query: dict[str, Any] = {"state": state}
    if page.after is not None:
        created_at, last_id = instant_and_id(page.after)
        query["$or"] = [{"created_at": {"$gt": created_at}}, {"created_at": created_at, "_id": {"$gt": last_id}}]
    wanted = Difference.find(reach(officer, district="district") | query)
    found = await wanted.sort("created_at", "_id").limit(page.limit + 1).to_list()
    shown = found[: page.limit]
    return Page(
        items=[_difference(one) for one in shown],
        next=cursor_of([shown[-1].created_at.isoformat(), shown[-1].id]) if len(found) > page.limit else None,
    )


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
        try:
            return await differences.resolve(found, body.action, body.note, officer.subject, tx)
        except ForbiddenStep:
            raise conflict("difference-state", "该差异当前不能这样处理", "not possible for this difference") from None

    return _difference(await transact(resolve))


def _before(after: Any) -> dict[str, Any]:
    return {"_id": {"$lt": str(after)}} if after else {}


async def _own(difference_id: str, officer: Caller, tx: Transaction | None = None) -> Difference:
    found = await Difference.of(difference_id, tx)
    if found is None or not fits(found, reach(officer, district="district")):
        raise not_found("该对账差异", "the difference")
    return found


def _result(found: Reconciliation) -> ReconciliationView:
    return ReconciliationView(day=dt.date.fromisoformat(found.id), **found.model_dump(exclude={"id"}))


def _difference(found: Difference) -> ProvinceDifference:
    return ProvinceDifference(
        difference_id=found.id,
        **found.model_dump(exclude={"id", "note", "reason"}),
        note=found.note and decrypt_field(NOTE, found.id, found.note),
        reason=found.reason and decrypt_field(REASON, found.id, found.reason),
    )
