"""Qualification checks over HTTP: workers their own, officers those of their district."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from services.insurance.access import Bureau
from services.insurance.enrolment.queries import district_of
from services.insurance.persons.documents import Person
from services.insurance.qualification import commands
from services.insurance.qualification.documents import STATEMENT, Check, Drawn, Step
from services.insurance.qualification.rules import Event, State, Way
from shared import clock
from shared.callers import Caller
from shared.errors import NotFound, RuleBroken
from shared.identity.masking import mask_text
from shared.policy import calendar
from shared.policy.parameters import Used
from shared.storage.audit import write_down
from shared.storage.encryption import decrypt_field
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import fits, reach

router = APIRouter(prefix="/v1", tags=["qualification 待遇资格认证"], route_class=IdempotentRoute)

Day = Annotated[dt.date, Field(description="a legal day, not after today")]


class CheckView(BaseModel):
    """A person's yearly check. `due_on`: its last day; `kinds` of the benefits drawn. While `missed`, payments rest; while
    `questioned`, an officer looks into it. `used`: the parameters that the days rest on. `of_benefit`: the check is that of the next
    of kin who draw this benefit after the worker's death, null where it is the worker's own.
    """

    check_id: str
    worker_id: str
    district: str
    state: State
    due_on: dt.date
    confirmed_on: dt.date
    kinds: list[str]
    used: list[Used]
    of_benefit: str | None = None


class CheckStep(BaseModel):
    """One step of a check. `on`: the day that it speaks of; `statement`: what was said, numbers of persons masked."""

    at: dt.datetime
    event: Event
    by: str
    way: Way | None
    on: dt.date | None
    statement: str | None


class DrawnToRegister(BaseModel):
    """A benefit that a worker draws by the month. `kind`: its code; `since`: the day of the last confirmation."""

    worker_id: str = Field(min_length=1, max_length=128)
    kind: str = Field(min_length=1, max_length=64)
    since: Day


class Statement(BaseModel):
    """What a worker says of their own entitlement. Where it holds no more, `statement` says why."""

    still_entitled: bool
    statement: str = Field(default="", max_length=1000)


class Finding(BaseModel):
    """What an officer found. `unclear` opens an investigation; `not_entitled` ends the check, and needs a note.

    `ended_on`: the day on which the entitlement ended, where that was before `found_on`; what was paid after it may be claimed back.
    """

    way: Literal["data_match", "visit", "employer", "third_party"]
    result: Literal["entitled", "not_entitled", "unclear"]
    found_on: Day
    note: str = Field(default="", max_length=1000)
    ended_on: Day | None = None


@router.post("/qualification-checks", status_code=status.HTTP_201_CREATED)
async def register_check(body: DrawnToRegister, officer: Bureau, response: Response) -> CheckView:
    """Put a worker who draws a benefit under the yearly check; benefits granted here are so by themselves."""
    _not_ahead(body.since)
    drawn = Drawn(kind=body.kind, benefit_id=None)

    async def register(tx: Transaction) -> Check:
        known = await Check.of_worker(body.worker_id, tx)
        district = known.district if known else await district_of(body.worker_id, tx)
        if await Person.of(body.worker_id, tx) is None or not officer.reaches(district):
            raise NotFound("该人员", "the worker")
        return await commands.register(body.worker_id, drawn, body.since, officer.subject, tx)

    check = await transact(register)
    set_etag(response, check.revision)
    return _view(check)


@router.get("/qualification-checks")
async def list_checks(
    officer: Bureau,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those in this state")] = None,
) -> Page[CheckView]:
    """Checks of the officer's district."""
    query = reach(officer, district="district") | ({"state": state} if state else {})
    return await Page.of(Check, query, _view, page)


@router.get("/qualification-checks/{check_id}")
async def read_check(check_id: str, officer: Bureau, response: Response) -> CheckView:
    """One check, with the `ETag` that a finding needs."""
    check = await _own(check_id, officer)
    set_etag(response, check.revision)
    return _view(check)


@router.get("/qualification-checks/{check_id}/history")
async def read_history(check_id: str, officer: Bureau) -> list[CheckStep]:
    """What was found and said in a check, the latest last. The reading is recorded."""
    check = await _own(check_id, officer)
    await write_down("qualification_check.history_read", check.id, officer)
    return [_step(check, step) for step in check.history]


@router.post("/qualification-checks/{check_id}/findings")
async def find(check_id: str, body: Finding, officer: Bureau, seen: RevisionSeen) -> CheckView:
    """What data, a visit, the employer or a third party says of an entitlement (社会保险经办条例 art. 26)."""
    _not_ahead(body.found_on)
    if body.result != "entitled" and not body.note:
        raise RuleBroken("note-missing", "请说明情况", "a note is needed")
    ended_on = body.ended_on or body.found_on
    if ended_on > body.found_on or (body.ended_on is not None and body.result != "not_entitled"):
        raise RuleBroken("ended-wrongly", "丧失资格日期与核查结果不符", "the day of the end does not fit the finding")

    async def change(tx: Transaction) -> Check:
        check = await _own(check_id, officer, tx)
        require_revision(seen, check.revision)
        if body.result == "entitled":
            return await commands.confirm(check, "verified", body.way, body.found_on, officer.subject, tx)
        if body.result == "unclear":
            return await commands.doubt(check, body.way, body.note, officer.subject, tx)
        return await commands.end(check, body.way, ended_on, body.note, officer.subject, tx)

    return await _changed(change)


@router.get("/workers/me/qualification-check")
async def read_my_check(worker: Worker) -> CheckView:
    """The caller's check, and until when it is to be done: their own, or that of what they draw as next of kin."""
    return _view((await _of_worker(worker))[0])


@router.get("/workers/me/qualification-checks")
async def list_my_checks(worker: Worker) -> list[CheckView]:
    """All checks that are the caller's to do: their own first, then those of what they draw as next of kin."""
    return [_view(check) for check in await _of_worker(worker)]


@router.post("/workers/me/qualification-check/statements")
async def state(body: Statement, worker: Worker) -> CheckView:
    """Check oneself: say that the entitlement still holds, or that it does not (within 20 working days: art. 25)."""
    return await _stated(body, worker, None)


@router.post("/workers/me/qualification-checks/{check_id}/statements")
async def state_to(check_id: str, body: Statement, worker: Worker) -> CheckView:
    """The same for one of several checks."""
    return await _stated(body, worker, check_id)


async def _stated(body: Statement, worker: Caller, check_id: str | None) -> CheckView:
    if not body.still_entitled and not body.statement:
        raise RuleBroken("statement-missing", "请说明不再符合条件的情况", "say why the entitlement has ended")

    async def change(tx: Transaction) -> Check:
        found, today = await _of_worker(worker, tx), calendar.shanghai_date(clock.now())
        check = next((one for one in found if check_id in (None, one.id)), None)
        if check is None:
            raise _not_yours()
        if body.still_entitled:
            return await commands.confirm(check, "self_checked", "self", today, worker.subject, tx)
        return await commands.doubt(check, "self", body.statement, worker.subject, tx)

    return await _changed(change)


async def _changed(change: Callable[[Transaction], Awaitable[Check]]) -> CheckView:
    return _view(await transact(change))


def _not_ahead(day: dt.date) -> None:
    if day > calendar.shanghai_date(clock.now()):
        raise RuleBroken("day-ahead", "日期不能晚于今天", "the day has not come yet")


async def _own(check_id: str, officer: Caller, tx: Transaction | None = None) -> Check:
    found = await Check.of(check_id, tx)
    if found is None or not fits(found, reach(officer, district="district")):
        raise NotFound("该资格认证", "the check")
    return found


async def _of_worker(worker: Caller, tx: Transaction | None = None) -> list[Check]:
    """The checks that are the caller's to do, at least one. What next of kin draw is theirs: a token outlives the worker."""
    own = await Check.of_worker(worker.worker_id or "", tx)
    person = await Person.of(worker.worker_id or "", tx)
    as_kin = await Check.of_payee(person.opened()[0], tx) if person else []
    found = [*([own] if own and not own.for_kin else []), *as_kin]
    if not found:
        raise _not_yours()
    return found


def _not_yours() -> NotFound:
    return NotFound("您的资格认证", "a check of yours")


def _step(check: Check, step: Step) -> CheckStep:
    said = mask_text(decrypt_field(STATEMENT, check.id, step.statement)) if step.statement else None
    return CheckStep(**step.model_dump(exclude={"statement"}), statement=said)


def _view(check: Check) -> CheckView:
    kinds = sorted({one.kind for one in check.drawn})
    return CheckView(
        check_id=check.id,
        kinds=kinds,
        **check.model_dump(exclude={"id", "drawn", "ended", "payee", "payee_number", "history"}),
    )
