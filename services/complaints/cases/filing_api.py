"""Filing over HTTP: workers and officers file a case, anybody reports without a name and gets a code to follow it by."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from limits import RateLimitItemPerHour
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, Field

from services.complaints.cases import filing_commands as commands
from services.complaints.cases import people_commands as people
from services.complaints.cases.access import seen_by
from services.complaints.cases.body import Handler, Reporting, Text, WorkerId
from services.complaints.cases.documents import Case, Hotline
from services.complaints.cases.filing_commands import Filing, Source
from services.complaints.cases.rules import Dispute, Kind, counted
from services.complaints.cases.views import CaseView, created, view_of
from services.complaints.members.commands import standing
from services.complaints.officers.commands import registered
from shared import clock
from shared.contracts.complaints import Category
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used, parameters
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.fields import District, Instant, Uscc, mobile
from shared.web.idempotency import IdempotentRoute
from shared.web.problems import Problem

filing = APIRouter(prefix="/v1", tags=["cases 投诉举报"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["cases 投诉举报"])


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


HOTLINES = r"^(12345|12333|12351|12348)$"


class HotlineBody(BaseModel):
    """The call that a case is handed over from: 12345 or 12333, its number there, and when it came."""

    line: str = Field(pattern=HOTLINES)
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


class Joining(BaseModel):
    """The case that a worker would join: its number, which the others told them, and what it is about."""

    number: str = Field(max_length=60)
    platform: Uscc
    category: Category


class Duplicates(BaseModel):
    """Cases of the same enterprise and category in the last days: the caller's own, and how many others, never whose.

    What is reported in confidence or without a name, or is for a circle of officers, is not counted: somebody of the enterprise may
    ask.
    """

    own: list[CaseView]
    others: str
    used: list[Used]


@cache
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


async def not_too_often(request: Request) -> None:
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
    return created(case, worker, response)


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


@router.post("/anonymous-reports", status_code=201, dependencies=[Depends(not_too_often)])
async def report_anonymously(body: AnonymousReport) -> Receipt:
    """Report a violation without a name (劳动保障监察条例 art. 9). The code in the answer is all that leads back to it."""
    filed = Filing(**body.model_dump(), kind="report", source=Source(channel="anonymous"))
    code = commands.new_code()
    case = await transact(lambda tx: commands.open_case(filed, None, tx, code=code))
    return Receipt(number=case.number, code=code, accept_by=case.accept_by)


@filing.post("/cases/joining", status_code=204)
async def ask_to_join(body: Joining, worker: Worker) -> None:
    """Ask to join the others who complain of the same; who filed their case, or its officer, agrees or not."""
    assert worker.worker_id is not None
    worker_id = worker.worker_id
    await transact(lambda tx: people.ask_to_join(body.number, body.platform, body.category, worker_id, tx))


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
    own = await seen_by(await standing(caller))
    mine = await Case.find({**same, **own}, sort="-_id", limit=20).to_list()
    openly = {"confidential": False, "circle": None, "reporter.channel": {"$ne": "anonymous"}}
    others = await Case.find({**same, **openly, "$nor": [own]}).count()
    return Duplicates(own=[view_of(case, caller) for case in mine], others=counted(others), used=list(law.used))
