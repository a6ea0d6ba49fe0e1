"""The training subsidy over HTTP: workers apply and follow; officers read, and set an amount that is not published."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints, model_validator

from services.subsidies.training import commands
from services.subsidies.training.access import application_for_reading, seen_by
from services.subsidies.training.documents import Application
from services.subsidies.training.rules import REASONS, Reason, State
from shared.callers import Caller
from shared.identity.masking import mask_bank_account
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers

TAGS = ["training subsidy 培训补贴"]
applying = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])

Reader = Annotated[Caller, callers("worker", departments=[HRSS], district="document")]
Bureau = Annotated[Caller, callers(departments=[HRSS], district="document")]

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
BankAccount = Annotated[str, StringConstraints(pattern=r"^\d{8,30}$")]


class TrainingSubsidyApplication(BaseModel):
    """What the subsidy is for: a certificate by its id or its number, or a course with the day of its completion."""

    certificate_id: Name | None = None
    certificate_number: Name | None = None
    course: Name | None = None
    completed_on: dt.date | None = None
    bank_account: BankAccount | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        by_course = self.course is not None or self.completed_on is not None
        if sum([self.certificate_id is not None, self.certificate_number is not None, by_course]) != 1:
            raise ValueError("either certificate_id, or certificate_number, or course with completed_on")
        if by_course and (self.course is None or self.completed_on is None):
            raise ValueError("course and completed_on go together")
        return self


class Amount(BaseModel):
    """Yuan."""

    amount: Annotated[Yuan, Field(gt=0)]


class ReasonView(BaseModel):
    """A rule that is not met: its code, and what it says in Chinese."""

    code: Reason
    text: str


class ApplicationView(BaseModel):
    """An application. `reasons` say why it was refused; `amount_pending`: an officer has yet to set the amount (yuan).

    `used` are the parameters that the decision rests on.
    """

    application_id: str
    number: str
    worker_id: str
    state: State
    reasons: list[ReasonView]
    certificate_id: str | None
    course: str | None
    completed_on: dt.date | None
    amount: Yuan | None
    amount_pending: bool
    bank_account: str | None
    filed_at: dt.datetime
    decided_at: dt.datetime | None
    used: list[Used]


@applying.post("/training-subsidy-applications", status_code=201)
async def apply(body: TrainingSubsidyApplication, worker: Worker, response: Response) -> ApplicationView:
    """Apply for the training subsidy; the answer is the decision where everything is known."""
    assert worker.worker_id is not None
    worker_id, asked = worker.worker_id, commands.Asked(**body.model_dump())
    application = await transact(lambda tx: commands.apply(asked, worker_id, tx))
    response.headers["Location"] = f"/v1/training-subsidy-applications/{application.id}"
    set_etag(response, application.revision)
    return _view(application)


@router.put("/training-subsidy-applications/{application_id}/amount")
async def set_amount(
    application_id: str, body: Amount, officer: Bureau, seen: RevisionSeen, response: Response
) -> ApplicationView:
    """Set the amount of an approved application for which none is published."""

    async def store(tx: Transaction) -> Application:
        application = await application_for_reading(application_id, officer, tx)
        require_revision(seen, application.revision)
        return await commands.set_amount(application, body.amount, officer.subject, tx)

    application = await transact(store)
    set_etag(response, application.revision)
    return _view(application)


@router.get("/training-subsidy-applications")
async def list_applications(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only applications that stand so")] = None,
    amount_pending: Annotated[
        bool | None, Query(description="only those whose amount an officer has yet to set")
    ] = None,
) -> Page[ApplicationView]:
    """Applications, the newest first: a worker's own, or for an officer of the labour department those of the district. One
    for which no engagement is known belongs to no district, and is the city's."""
    asked = {"state": state, "amount_pending": amount_pending}
    query = {name: value for name, value in asked.items() if value is not None} | seen_by(caller)
    return await Page.of(Application, query, _view, page, sort="-_id")


@router.get("/training-subsidy-applications/{application_id}")
async def read_application(application_id: str, caller: Reader, response: Response) -> ApplicationView:
    """An application."""
    application = await application_for_reading(application_id, caller)
    set_etag(response, application.revision)
    return _view(application)


def _view(application: Application) -> ApplicationView:
    account = application.clear_bank_account
    return ApplicationView(
        application_id=application.id,
        number=application.number,
        worker_id=application.worker_id,
        state=application.state,
        reasons=[ReasonView(code=code, text=REASONS[code]) for code in application.reasons],
        certificate_id=application.certificate_id,
        course=application.course or application.asked_course,
        completed_on=application.completed_on or application.asked_completed_on,
        amount=application.amount,
        amount_pending=application.amount_pending,
        bank_account=None if account is None else mask_bank_account(account),
        filed_at=application.created_at,
        decided_at=application.decided_at,
        used=application.used,
    )
