"""What a union files for workers over HTTP, and the workers' answers."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.complaints.cases.body import Reporting, Union, WorkerId
from services.complaints.cases.documents import Case
from services.complaints.cases.filing_api import CaseFiling
from services.complaints.cases.filing_commands import Source
from services.complaints.cases.views import CaseView, created
from services.complaints.members.commands import current, names_of
from services.complaints.union_filings import commands
from services.complaints.union_filings.documents import UnionFiling
from services.complaints.union_filings.views import UnionFilingView
from shared.errors import Forbidden
from shared.storage.transaction import transact
from shared.web.auth import Worker
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked

creating = APIRouter(prefix="/v1", tags=["cases 投诉举报"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["cases 投诉举报"])


class UnionFilingBody(CaseFiling):
    """What a union files in its own name for a worker who agreed."""

    worker_id: WorkerId
    agreed: bool = Field(description="the worker has agreed that the union files it")


class Confirmation(BaseModel):
    """What goes with the worker's word. `confidential`: nobody is to hear who reports but by an approved disclosure."""

    confidential: bool = False


@creating.post("/cases/for-workers", status_code=201, responses={202: {"model": UnionFilingView}})
async def file_for_worker(body: UnionFilingBody, union: Union, response: Response) -> CaseView | UnionFilingView:
    """File for a worker who agreed, as a union in its own name. For who is no member of the union, by their own word, it waits until
    they confirm it (202), or lapses."""
    if not body.agreed:
        raise Forbidden("须经劳动者本人同意", "the worker has to agree")
    filing = body.filed(Source())
    filed = await transact(lambda tx: commands.file(filing, body.worker_id, union, tx))
    if isinstance(filed, Case):
        return created(filed, union, response)
    response.status_code = 202
    response.headers["Location"] = f"/v1/union-filings/{filed.id}"
    return UnionFilingView.of(filed)


@router.get("/union-filings")
async def list_waiting(caller: Reporting, page: PageAsked) -> Page[UnionFilingView]:
    """The filings that wait: for the worker's own word, or a union's own."""
    if caller.role == "union":
        return await Page.of(UnionFiling, {"union": caller.subject}, UnionFilingView.of, page, sort="-_id")
    own = {"worker_id": await current(str(caller.worker_id))}
    found = await Page.of(UnionFiling, own, lambda one: one, page, sort="-_id")
    names = {one.union: await names_of(one.union) for one in found.items}
    return Page(items=[UnionFilingView.of(one, names[one.union]) for one in found.items], next=found.next)


@router.get("/union-filings/{filing_id}")
async def read_waiting(filing_id: str, caller: Reporting) -> UnionFilingView:
    """A filing that waits."""
    waits = await commands.waiting_for(filing_id, caller)
    return UnionFilingView.of(waits, await names_of(waits.union) if caller.role == "worker" else ())


@creating.post("/union-filings/{filing_id}/confirmation", status_code=201)
async def confirm(filing_id: str, body: Confirmation, worker: Worker, response: Response) -> CaseView:
    """The worker agrees that the union files it: the case is opened."""
    case = await transact(lambda tx: commands.confirm(filing_id, worker, tx, confidential=body.confidential))
    return created(case, worker, response)


@router.post("/union-filings/{filing_id}/refusal", status_code=204)
async def refuse(filing_id: str, worker: Worker) -> None:
    """The worker does not want it filed: it goes, and the union does not hear why."""
    await transact(lambda tx: commands.end(filing_id, worker, tx))


@router.post("/union-filings/{filing_id}/withdrawal", status_code=204)
async def withdraw(filing_id: str, union: Union) -> None:
    """The union takes it back."""
    await transact(lambda tx: commands.end(filing_id, union, tx))
