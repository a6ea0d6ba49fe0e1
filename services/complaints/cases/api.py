"""Complaints and reports over HTTP: workers, unions and officers file them, anybody reports without a name; officers of the
register read those of their department and district, and the one who has a case in hand brings it on."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from limits import RateLimitItemPerHour
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.cases import commands
from services.complaints.cases.access import case_for_reading, case_in_hand, case_on_duty, own_case, seen_by
from services.complaints.cases.commands import Filing, Source
from services.complaints.cases.documents import Case, Hotline
from services.complaints.cases.rules import Dispute, Kind, State, counted
from services.complaints.cases.views import (
    CaseDetail,
    CaseView,
    FollowUp,
    detail_of,
    follow_up_of,
    view_of,
)
from services.complaints.officers.commands import registered
from services.complaints.officers.rules import Duty
from services.complaints.terms.commands import terms_of
from services.complaints.terms.views import TermView
from services.complaints.terms.views import view_of as term_view
from shared import clock
from shared.callers import Caller
from shared.contracts.complaints import Category, RefusalGround
from shared.errors import Forbidden
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used, parameters
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.etags import RevisionSeen, if_match, set_etag
from shared.web.fields import District, Instant, Uscc, mobile
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.problems import Problem
from shared.web.scope import ALL, callers

filing = APIRouter(prefix="/v1", tags=["cases 投诉举报"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["cases 投诉举报"])


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
WorkerId = Annotated[str, Field(min_length=1, max_length=100)]

Reader = Annotated[Caller, callers("worker", "union", article=ALL, district="document")]
Handler = Annotated[Caller, callers(article=ALL, district="document")]
Reporting = Annotated[Caller, callers("worker", "union")]
Union = Annotated[Caller, callers("union")]


def _seen(value: Annotated[str | None, Header(alias="If-Match")] = None) -> int | None:
    return None if value is None else if_match(value)


Seen = Annotated[int | None, Depends(_seen)]


class CaseFiling(BaseModel):
    """A complaint or a report. `platform` is the enterprise's unified social credit code; without `category` the text
    decides, without `district` where the work is done.

    `occurred_on` is the day of the violation, or its last one; `continuing`: it still goes on. `confidential`: nobody hears
    who reports but by an approved disclosure; a report is so in any case. `dispute`: where the matter is already.
    """

    platform: Uscc | None = None
    category: Category | None = None
    text: Text
    district: District | None = None
    occurred_on: dt.date
    continuing: bool = False
    kind: Kind = "complaint"
    confidential: bool = False
    dispute: Dispute | None = None

    def filed(self, source: Source) -> Filing:
        return Filing(**self.model_dump(include=set(CaseFiling.model_fields)), source=source)


class UnionFiling(CaseFiling):
    """What a union files in its own name for a worker who agreed."""

    worker_id: WorkerId
    agreed: bool = Field(description="the worker has agreed that the union files it")


class HotlineBody(BaseModel):
    """The call that a case is handed over from: 12345 or 12333, its number there, and when it came."""

    line: str = Field(pattern=r"^(12345|12333|12351|12348)$")
    number: str = Field(min_length=1, max_length=60)
    called_at: Instant


class TakenDown(CaseFiling):
    """What an officer takes down: at another department, from a hotline, or from next of kin, with the relation."""

    worker_id: WorkerId | None = None
    name: str | None = Field(default=None, max_length=50)
    phone: str | None = Field(default=None, max_length=20)
    relation: str | None = Field(
        default=None, max_length=50, description="to the person harmed, where next of kin report"
    )
    hotline: HotlineBody | None = None


class AnonymousReport(BaseModel):
    """A report without a name; see `CaseFiling`."""

    platform: Uscc
    category: Category | None = None
    text: Text
    district: District
    occurred_on: dt.date
    continuing: bool = False


class Receipt(BaseModel):
    """What a case is followed by without a token. The code is shown this once."""

    number: str
    code: str
    accept_by: dt.date


class Code(BaseModel):
    """The number of a case, and the code that came with it."""

    number: str = Field(max_length=60)
    code: str = Field(max_length=100)


class Refusal(BaseModel):
    """Why a case is not taken up, as the complainant reads it."""

    reason_zh: Text
    ground: RefusalGround = "other"


class Transfer(BaseModel):
    """To which body a case goes, and why it is competent."""

    body_zh: Short
    reason_zh: Text


class Missing(BaseModel):
    """What is to be completed, as the complainant reads it."""

    missing_zh: Text


class Completion(BaseModel):
    """What was missing."""

    text: Text
    platform: Uscc | None = None


class Reason(BaseModel):
    """Why."""

    reason: Text


class HandOver(BaseModel):
    """The subject of the officer who goes on with a case."""

    officer: str = Field(min_length=1, max_length=200)


class Joining(BaseModel):
    """The number of the case that a worker joins."""

    number: str = Field(max_length=60)


class Member(BaseModel):
    """Who complains of the same."""

    worker_id: WorkerId


class Representatives(BaseModel):
    """Who of the people of a joint case speaks for them."""

    workers: list[WorkerId] = Field(min_length=1, max_length=20)


class Link(BaseModel):
    """A case that this one belongs together with."""

    case_id: str = Field(max_length=100)


class Duplicates(BaseModel):
    """Cases of the same enterprise and category in the last days: the caller's own, and how many others, never whose.

    What is reported in confidence or without a name is not counted: somebody of the enterprise may ask.
    """

    own: list[CaseView]
    others: str
    used: list[Used]


@cache
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


async def _not_too_often(request: Request) -> None:
    """Count a call without a token by its address, which is kept nowhere else."""
    most = parameters.on(shanghai_date(clock.now())).number("complaint.anonymous_per_hour")
    address = request.client.host if request.client else ""
    if not await _limiter().hit(RateLimitItemPerHour(most), address):
        zh, en = "提交过于频繁，请稍后再试", "too many calls from this address within an hour"
        raise Problem(429, "too-often", zh, en, headers={"Retry-After": "3600"})


@filing.post("/cases", status_code=201)
async def file_case(body: CaseFiling, worker: Worker, response: Response) -> CaseView:
    """File a complaint or a report."""
    assert worker.worker_id is not None
    worker_id, filed = worker.worker_id, body.filed(Source())
    case = await transact(lambda tx: commands.open_case(filed, worker_id, tx))
    return _created(case, worker, response)


@filing.post("/cases/for-workers", status_code=201)
async def file_for_worker(body: UnionFiling, union: Union, response: Response) -> CaseView:
    """File for a worker who agreed, as a union in its own name."""
    if not body.agreed:
        raise Forbidden("须经劳动者本人同意", "the worker has to agree")
    filed = body.filed(Source(channel="union", by=union.subject))
    case = await transact(lambda tx: commands.open_case(filed, body.worker_id, tx))
    return _created(case, union, response)


@filing.post("/cases/taken-down", status_code=201)
async def take_case_down(body: TakenDown, officer: Handler, response: Response) -> Receipt:
    """Take a case down as an officer on the register: from a hotline, from next of kin, or as another department."""
    phone = None if body.phone is None else mobile(body.phone)
    hotline = None if body.hotline is None else Hotline(**body.hotline.model_dump())
    source = Source(
        channel="hotline" if hotline else "kin" if body.relation else "department",
        by=officer.subject,
        name=body.name,
        phone=phone,
        relation=body.relation,
        hotline=hotline,
    )
    code = commands.new_code()

    async def take_down(tx: Transaction) -> Case:
        await registered(officer, tx)
        return await commands.open_case(body.filed(source), body.worker_id, tx, code=code)

    case = await transact(take_down)
    response.headers["Location"] = f"/v1/cases/{case.id}"
    return Receipt(number=case.number, code=code, accept_by=case.accept_by)


@router.post("/anonymous-reports", status_code=201, dependencies=[Depends(_not_too_often)])
async def report_anonymously(body: AnonymousReport) -> Receipt:
    """Report a violation without a name (劳动保障监察条例 art. 9). The code in the answer is all that leads back to it."""
    filed = Filing(**body.model_dump(), kind="report", source=Source(channel="anonymous"))
    code = commands.new_code()
    case = await transact(lambda tx: commands.open_case(filed, None, tx, code=code))
    return Receipt(number=case.number, code=code, accept_by=case.accept_by)


@router.post("/anonymous-reports/follow-up", dependencies=[Depends(_not_too_often)])
async def follow_up(body: Code) -> FollowUp:
    """Read what became of a case by its number and code."""
    return follow_up_of(await commands.case_by_code(body.number, body.code))


@filing.post("/cases/joining")
async def join_case(body: Joining, worker: Worker, response: Response) -> CaseView:
    """Join the others who complain of the same, by the number of their case."""
    assert worker.worker_id is not None
    worker_id = worker.worker_id
    case = await transact(lambda tx: commands.join(body.number, worker_id, tx))
    return _changed(case, worker, response)


@router.get("/cases/likely-duplicates")
async def find_duplicates(
    caller: Reporting,
    platform: Uscc,
    category: Annotated[Category, Query(description="the category that is to be filed")],
) -> Duplicates:
    """What there is on the same enterprise and category already, before a case is filed."""
    law = parameters.on(shanghai_date(clock.now()))
    since = clock.now() - dt.timedelta(days=law.days("complaint.duplicate_days"))
    same = {"platform": platform, "category": category, "created_at": {"$gte": since}}
    own = await seen_by(caller)
    mine = await Case.find({**same, **own}, sort="-_id", limit=20).to_list()
    openly = {"confidential": False, "reporter.channel": {"$ne": "anonymous"}}
    others = await Case.find({**same, **openly, "$nor": [own]}).count()
    return Duplicates(own=[view_of(case, caller) for case in mine], others=counted(others), used=list(law.used))


@router.post("/cases/{case_id}/acceptance")
async def accept_case(case_id: str, officer: Handler, seen: Seen, response: Response) -> CaseView:
    """Accept a case for investigation."""

    async def accept(tx: Transaction) -> Case:
        return await commands.accept_case(await case_in_hand(case_id, officer, seen, tx), officer, tx)

    return _changed(await transact(accept), officer, response)


@router.post("/cases/{case_id}/refusal")
async def refuse_case(case_id: str, body: Refusal, officer: Handler, seen: Seen, response: Response) -> CaseView:
    """Refuse a case, in writing."""

    async def refuse(tx: Transaction) -> Case:
        case = await case_in_hand(case_id, officer, seen, tx)
        return await commands.refuse_case(case, body.ground, body.reason_zh, officer, tx)

    return _changed(await transact(refuse), officer, response)


@router.post("/cases/{case_id}/transfer")
async def transfer_case(
    case_id: str, body: Transfer, officer: Handler, seen: RevisionSeen, response: Response
) -> CaseView:
    """Hand a case to the body that is competent for it."""

    async def transfer(tx: Transaction) -> Case:
        case = await case_in_hand(case_id, officer, seen, tx)
        return await commands.transfer_case(case, body.body_zh, body.reason_zh, officer, tx)

    return _changed(await transact(transfer), officer, response)


@router.post("/cases/{case_id}/return")
async def return_case(
    case_id: str, body: Missing, officer: Handler, seen: RevisionSeen, response: Response
) -> CaseView:
    """Ask the complainant for what is missing, once (补正)."""

    async def return_it(tx: Transaction) -> Case:
        case = await case_in_hand(case_id, officer, seen, tx)
        return await commands.return_case(case, body.missing_zh, officer, tx)

    return _changed(await transact(return_it), officer, response)


@router.post("/cases/{case_id}/completion")
async def complete_case(
    case_id: str, body: Completion, caller: Reporting, seen: RevisionSeen, response: Response
) -> CaseView:
    """Complete what was missing."""

    async def complete(tx: Transaction) -> Case:
        case = await own_case(case_id, caller, seen, tx)
        return await commands.complete_case(case, body.text, body.platform, caller, tx)

    return _changed(await transact(complete), caller, response)


@router.post("/cases/{case_id}/withdrawal")
async def withdraw_case(
    case_id: str, body: Reason, caller: Reporting, seen: RevisionSeen, response: Response
) -> CaseView:
    """Withdraw a case."""

    async def withdraw(tx: Transaction) -> Case:
        case = await own_case(case_id, caller, seen, tx)
        return await commands.withdraw_case(case, body.reason, caller, tx)

    return _changed(await transact(withdraw), caller, response)


@router.post("/cases/{case_id}/reopening")
async def reopen_case(
    case_id: str, body: Reason, caller: Reporting, seen: RevisionSeen, response: Response
) -> CaseView:
    """Have a case that is over opened again, within its window."""

    async def reopen(tx: Transaction) -> Case:
        case = await own_case(case_id, caller, seen, tx)
        return await commands.reopen_case(case, body.reason, caller, tx)

    return _changed(await transact(reopen), caller, response)


@router.post("/cases/{case_id}/assignment")
async def hand_case_over(
    case_id: str, body: HandOver, officer: Handler, seen: RevisionSeen, response: Response
) -> CaseView:
    """Give a case to another officer: by the one who has it in hand, or by the chief of the office."""

    async def give(tx: Transaction) -> Case:
        case = await case_for_reading(case_id, officer, tx)
        duty: Duty = "handler" if case.handler == officer.subject else "chief"
        await case_on_duty(case_id, officer, duty, seen, tx)
        await write_down("case.handed_over", case_id, officer, tx)
        return await commands.hand_over(case, body.officer, tx)

    return _changed(await transact(give), officer, response)


@router.post("/cases/{case_id}/recusal")
async def give_case_back(
    case_id: str, body: Reason, officer: Handler, seen: RevisionSeen, response: Response
) -> CaseView:
    """Give a case back because of an interest in it (回避): it goes to another officer."""

    async def give_back(tx: Transaction) -> Case:
        case, acting = await case_on_duty(case_id, officer, "handler", seen, tx)
        await write_down("case.recusal", case_id, officer, tx, body.reason)
        return await commands.recuse(case, acting, tx)

    return _changed(await transact(give_back), officer, response)


@router.post("/cases/{case_id}/members")
async def add_member(case_id: str, body: Member, officer: Handler, seen: RevisionSeen, response: Response) -> CaseView:
    """Add somebody who complains of the same to a case."""

    async def add(tx: Transaction) -> Case:
        return await commands.add_member(await case_in_hand(case_id, officer, seen, tx), body.worker_id, tx)

    return _changed(await transact(add), officer, response)


@router.put("/cases/{case_id}/representatives")
async def represent(
    case_id: str, body: Representatives, caller: Reporting, seen: RevisionSeen, response: Response
) -> CaseView:
    """Name who speaks for the people of a joint case."""

    async def choose(tx: Transaction) -> Case:
        return await commands.represent(await own_case(case_id, caller, seen, tx), body.workers, tx)

    return _changed(await transact(choose), caller, response)


@router.post("/cases/{case_id}/links")
async def link_cases(case_id: str, body: Link, officer: Handler, seen: RevisionSeen, response: Response) -> CaseView:
    """Say that two cases belong together, on both."""

    async def link(tx: Transaction) -> Case:
        case = await case_in_hand(case_id, officer, seen, tx)
        return await commands.link(case, await case_for_reading(body.case_id, officer, tx), tx)

    return _changed(await transact(link), officer, response)


@router.get("/cases")
async def list_cases(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only cases that stand so")] = None,
    category: Annotated[Category | None, Query(description="only cases of this category")] = None,
    platform: Annotated[Uscc | None, Query(description="only cases about this enterprise")] = None,
    mine: Annotated[bool, Query(description="only cases that the officer has in hand")] = False,
    overdue: Annotated[bool, Query(description="only cases whose present term is over")] = False,
) -> Page[CaseView]:
    """Cases, the newest first: a worker's own, what a union filed, or those of an officer's district and department."""
    reached = await seen_by(caller)
    asked: dict[str, Any] = {"state": state, "category": category, "platform": platform}
    if mine:
        asked["handler"] = caller.subject
    if overdue:
        asked["due_on"] = {"$lt": dt.datetime.combine(shanghai_date(clock.now()), dt.time())}
    wanted = {name: value for name, value in asked.items() if value is not None}
    query = {"$and": [wanted, reached]} if wanted.keys() & reached.keys() else wanted | reached
    return await Page.of(Case, query, lambda case: view_of(case, caller), page, sort="-_id")


@router.get("/cases/{case_id}")
async def read_case(case_id: str, caller: Reader, response: Response) -> CaseDetail:
    """A case with its text."""
    case = await case_for_reading(case_id, caller)
    set_etag(response, case.revision)
    return detail_of(case, caller)


@router.get("/cases/{case_id}/terms")
async def list_terms(case_id: str, officer: Handler) -> list[TermView]:
    """Every term of a case, with its pauses and its extension."""

    async def read(tx: Transaction) -> list[TermView]:
        case = await case_for_reading(case_id, officer, tx)
        return [term_view(term) for term in await terms_of("case", case.id, tx)]

    return await transact(read)


def _created(case: Case, caller: Caller, response: Response) -> CaseView:
    response.headers["Location"] = f"/v1/cases/{case.id}"
    return _changed(case, caller, response)


def _changed(case: Case, caller: Caller, response: Response) -> CaseView:
    set_etag(response, case.revision)
    return view_of(case, caller)
