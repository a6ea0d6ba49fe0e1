"""Applications over HTTP, for those who apply: file, follow, hand in what is missing, take back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.subsidies.applications import commands
from services.subsidies.applications.access import Filer, Reader, application_of, own_application, party_of, seen_by
from services.subsidies.applications.body import ApplicationBody, ContentBody
from services.subsidies.applications.documents import Application
from services.subsidies.applications.kinds import kind_of
from services.subsidies.applications.rules import State
from services.subsidies.applications.views import ApplicationDetail, ApplicationView, KindView, all_kinds
from shared.callers import Caller
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import Everybody

TAGS = ["subsidy applications 补贴申请"]
PATH = "/subsidy-applications"
filing = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])

OwnStep = Callable[[Application, Transaction], Awaitable[Application]]


@router.get("/subsidy-kinds")
async def list_kinds(caller: Everybody) -> list[KindView]:
    """What can be applied for, by whom, and on which conditions."""
    return all_kinds()


@filing.post(PATH, status_code=201)
async def apply(body: ApplicationBody, caller: Filer, response: Response) -> ApplicationDetail:
    """Apply, oneself or as somebody's agent; the machine proposes, officers decide."""
    asked, by = body.filing(caller), party_of(caller)

    async def store(tx: Transaction) -> Application:
        application = await commands.file(asked, tx)
        return await commands.submit(application, by, tx) if body.submit else application

    application = await transact(store)
    response.headers["Location"] = f"/v1{PATH}/{application.id}"
    return shown(application, caller, response)


@router.get(PATH)
async def list_applications(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only applications that stand so")] = None,
) -> Page[ApplicationView]:
    """A party's own applications, or those that an officer's department checks in their district, the newest first."""
    query = seen_by(caller) | ({} if state is None else {"state": state})
    return await Page.of(Application, query, ApplicationView.of, page, sort="-_id")


@router.get(PATH + "/{application_id}")
async def read_application(application_id: str, caller: Reader, response: Response) -> ApplicationDetail:
    """An application with what was stated, what the machine proposes and why."""
    return shown(await application_of(application_id, caller), caller, response)


@router.put(PATH + "/{application_id}")
async def change(
    application_id: str, body: ContentBody, caller: Filer, seen: RevisionSeen, response: Response
) -> ApplicationDetail:
    """Change a draft, or add what was asked for."""

    async def step(one: Application, tx: Transaction) -> Application:
        stated, account = body.checked(kind_of(one.kind))
        return await commands.change(one, stated, account, tx)

    return await _own(application_id, caller, seen, response, step)


@router.post(PATH + "/{application_id}/submission")
async def submit(application_id: str, caller: Filer, seen: RevisionSeen, response: Response) -> ApplicationDetail:
    """Hand in a draft."""
    by = party_of(caller)
    return await _own(application_id, caller, seen, response, lambda one, tx: commands.submit(one, by, tx))


@router.post(PATH + "/{application_id}/supplement")
async def supplement(application_id: str, caller: Filer, seen: RevisionSeen, response: Response) -> ApplicationDetail:
    """Say that what was asked for is there."""
    by = party_of(caller)
    return await _own(application_id, caller, seen, response, lambda one, tx: commands.supplement(one, by, tx))


@router.post(PATH + "/{application_id}/withdrawal")
async def withdraw(application_id: str, caller: Filer, seen: RevisionSeen, response: Response) -> ApplicationDetail:
    """Take an application back before it is paid."""
    by = party_of(caller)
    return await _own(application_id, caller, seen, response, lambda one, tx: commands.withdraw(one, by, tx))


async def _own(application_id: str, caller: Caller, seen: int, response: Response, step: OwnStep) -> ApplicationDetail:
    async def take(tx: Transaction) -> Application:
        return await step(await own_application(application_id, caller, seen, tx), tx)

    return shown(await transact(take), caller, response)


def shown(application: Application, caller: Caller, response: Response) -> ApplicationDetail:
    set_etag(response, application.revision)
    return ApplicationDetail.for_reader(application, officer=caller.role == "officer")
