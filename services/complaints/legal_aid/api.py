"""Legal aid over HTTP: workers apply and follow, officers of the body that gives it decide, assign and record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import BaseModel, Field, StringConstraints, model_validator

from services.complaints.legal_aid import commands, lawyer_commands
from services.complaints.legal_aid.access import aid_in_hand, aid_of, origin_shown, own_aid, seen_by
from services.complaints.legal_aid.documents import Lawyer, LegalAid
from services.complaints.legal_aid.rules import (
    Asked,
    Body,
    Ending,
    Form,
    Ground,
    Means,
    Outcome,
    State,
    Subject,
    departments,
)
from services.complaints.legal_aid.views import LawyerView, LegalAidDetail, LegalAidView
from services.complaints.members.access import listed
from services.complaints.officers import commands as officers
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, Matter
from shared import clock
from shared.callers import Caller
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.etags import RevisionSeen, if_match, set_etag
from shared.web.fields import District, DistrictOrCity
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import UNION, callers

JUSTICE = "justice"

creating = APIRouter(prefix="/v1", tags=["legal aid 法律援助"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["legal aid 法律援助"])

Reader = Annotated[Caller, callers("worker", departments=[JUSTICE, UNION], district="document")]
Giver = Annotated[Caller, callers(departments=[JUSTICE, UNION], district="document")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
LawyerId = Annotated[str, Path(max_length=64, pattern=r"^[\w-]+$")]


class ApplicationBody(BaseModel):
    """An application. `body`: the legal aid centre or the union's lawyers; `ends_on`: when the time to sue or apply runs out;
    means are said by a ground by which they do not count, or by a head's monthly income (yuan), by documents or pledged."""

    body: Body
    subject: Subject
    form: Form
    text: Text
    district: District
    ground: Ground | None = None
    monthly_income: Decimal | None = Field(default=None, ge=0, max_digits=10, decimal_places=2)
    pledged: bool = False
    ends_on: dt.date | None = None
    origin: str | None = Field(default=None, pattern=r"^(case|dispute):[\w-]{1,64}$")

    @model_validator(mode="after")
    def _one_way(self) -> ApplicationBody:
        if self.ground is not None and self.monthly_income is not None:
            raise ValueError("either ground or monthly_income")
        return self

    @property
    def asked(self) -> commands.Application:
        means = Means(ground=self.ground, monthly_income=self.monthly_income, pledged=self.pledged)
        return commands.Application(
            asked=Asked(body=self.body, subject=self.subject, means=means, ends_on=self.ends_on),
            form=self.form,
            text=self.text,
            district=self.district,
            origin=self.origin,
        )


class TextBody(BaseModel):
    """What is missing, handed in, objected or answered."""

    text: Text


class FirstBody(BaseModel):
    """`preservation`: property or evidence must be preserved, or an advance be ordered, at once."""

    preservation: bool = False


class AssignmentBody(BaseModel):
    """Who is to have it; without, whom field and load point to."""

    lawyer_id: str | None = Field(default=None, max_length=64)


class StepBody(BaseModel):
    """What was done, and when."""

    on: dt.date
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")]
    note: Text


class OutcomeBody(BaseModel):
    """What came of it; `recovered` is yuan."""

    outcome: Outcome
    recovered: Decimal | None = Field(default=None, ge=0, max_digits=12, decimal_places=2)


class EndingBody(BaseModel):
    """Why aid ends early (法律援助法 art. 48)."""

    ending: Ending
    text: Text


class ObjectionAnswer(BaseModel):
    """Whether what was decided stands, and why."""

    uphold: bool
    text: Text


class ReplacementAnswer(BaseModel):
    """Whether somebody else is assigned, `lawyer_id` or whom field and load point to, and why or why not."""

    replace: bool
    text: Text
    lawyer_id: str | None = Field(default=None, max_length=64)


class LawyerBody(BaseModel):
    """Somebody who gives legal aid: where they go and what their fields are."""

    name: str = Field(min_length=1, max_length=50)
    firm: str = Field(min_length=1, max_length=100)
    body: Body
    districts: list[DistrictOrCity] = Field(min_length=1, max_length=10)
    fields: list[Subject] = Field(default=[], max_length=10)
    active: bool = True


Work = Callable[[LegalAid, Transaction], Awaitable[LegalAid]]
OfficersWork = Callable[[LegalAid, Officer, Transaction], Awaitable[LegalAid]]


async def _own(aid_id: str, worker: Caller, seen: int, response: Response, work: Work) -> LegalAidDetail:
    async def act(tx: Transaction) -> LegalAid:
        return await work(await own_aid(aid_id, worker, seen, tx), tx)

    return await _shown(await transact(act), worker, response)


async def _handled(
    aid_id: str, caller: Caller, seen: int, response: Response, duty: Duty, work: OfficersWork
) -> LegalAidDetail:
    async def act(tx: Transaction) -> LegalAid:
        aid, officer = await aid_in_hand(aid_id, caller, duty, seen, tx)
        return await work(aid, officer, tx)

    return await _shown(await transact(act), caller, response)


async def _of_worker(
    aid_id: str, worker: Worker, seen: RevisionSeen, response: Response
) -> Callable[[Work], Awaitable[LegalAidDetail]]:
    return partial(_own, aid_id, worker, seen, response)


async def _of_giver(
    aid_id: str, caller: Giver, seen: RevisionSeen, response: Response
) -> Callable[[Duty, OfficersWork], Awaitable[LegalAidDetail]]:
    return partial(_handled, aid_id, caller, seen, response)


OwnStep = Annotated[Callable[[Work], Awaitable[LegalAidDetail]], Depends(_of_worker)]
GiversStep = Annotated[Callable[[Duty, OfficersWork], Awaitable[LegalAidDetail]], Depends(_of_giver)]
"""Takes a step with the application that a route names, and gives the answer."""


@creating.post("/legal-aid", status_code=201)
async def apply(body: ApplicationBody, worker: Worker, response: Response) -> LegalAidDetail:
    """Apply for legal aid (法律援助法 art. 31, 41; 德人社发〔2022〕95 号 art. 17)."""
    assert worker.worker_id is not None
    worker_id = worker.worker_id
    aid = await transact(lambda tx: commands.apply(body.asked, worker_id, tx))
    response.headers["Location"] = f"/v1/legal-aid/{aid.id}"
    return await _shown(aid, worker, response)


@router.get("/legal-aid")
async def list_applications(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only applications that stand so")] = None,
) -> Page[LegalAidView]:
    """A worker's own applications, or those of an officer's body and district, the newest first."""
    wanted = {} if state is None else {"state": state}

    async def list_of(known: Caller) -> Page[LegalAidView]:
        return await Page.of(LegalAid, await seen_by(known) | wanted, LegalAidView.of, page, sort="-_id")

    return await listed(caller, list_of)


@router.get("/legal-aid/{aid_id}")
async def read_application(aid_id: str, caller: Reader, response: Response) -> LegalAidDetail:
    """An application with its texts and steps."""
    return await _shown(await aid_of(aid_id, caller), caller, response)


@router.post("/legal-aid/{aid_id}/supplement")
async def hand_in(body: TextBody, step: OwnStep) -> LegalAidDetail:
    """Hand in what was asked for, or make up for the papers of aid that was given first (法律援助法 art. 44)."""
    return await step(lambda aid, tx: commands.supplement(aid, body.text, tx))


@router.post("/legal-aid/{aid_id}/withdrawal")
async def withdraw(step: OwnStep) -> LegalAidDetail:
    """Take an application back."""
    return await step(lambda aid, tx: commands.withdraw(aid, tx))


@router.post("/legal-aid/{aid_id}/objection")
async def contest(body: TextBody, step: OwnStep) -> LegalAidDetail:
    """Object to a refusal or an early end (法律援助法 art. 49)."""
    return await step(lambda aid, tx: commands.contest(aid, body.text, tx))


@router.post("/legal-aid/{aid_id}/replacement")
async def ask_replacement(body: TextBody, step: OwnStep) -> LegalAidDetail:
    """Ask for another lawyer than one who does not do their duty (法律援助法 art. 55)."""
    return await step(lambda aid, tx: commands.ask_replacement(aid, body.text, tx))


@router.post("/legal-aid/{aid_id}/supplement-request")
async def ask(body: TextBody, step: GiversStep) -> LegalAidDetail:
    """Say, once, what is missing."""
    return await step("handler", lambda aid, _, tx: commands.ask_for_supplement(aid, body.text, tx))


@router.post("/legal-aid/{aid_id}/grant")
async def grant(step: GiversStep) -> LegalAidDetail:
    """Give legal aid."""
    return await step("handler", commands.grant)


@router.post("/legal-aid/{aid_id}/first-aid")
async def provide_first(body: FirstBody, step: GiversStep) -> LegalAidDetail:
    """Give aid before it is decided on, where a term is about to end (法律援助法 art. 44)."""
    return await step("handler", lambda aid, _, tx: commands.provide_first(aid, preservation=body.preservation, tx=tx))


@router.post("/legal-aid/{aid_id}/refusal")
async def refuse(body: TextBody, step: GiversStep) -> LegalAidDetail:
    """Refuse legal aid, with the reason in writing; by an officer who approves."""
    return await step("approver", lambda aid, officer, tx: commands.refuse(aid, officer, body.text, tx))


@router.post("/legal-aid/{aid_id}/assignment")
async def assign(body: AssignmentBody, step: GiversStep) -> LegalAidDetail:
    """Assign somebody, or give the matter to somebody else."""

    async def work(aid: LegalAid, officer: Officer, tx: Transaction) -> LegalAid:
        if aid.state == "granted":
            return await commands.assign(aid, tx, lawyer_id=body.lawyer_id)
        return await commands.reassign(aid, officer, tx, lawyer_id=body.lawyer_id)

    return await step("handler", work)


@router.post("/legal-aid/{aid_id}/steps")
async def record_step(body: StepBody, step: GiversStep) -> LegalAidDetail:
    """Record what was done for the person (法律援助法 art. 46, 50)."""
    return await step(
        "handler", lambda aid, officer, tx: commands.record_step(aid, body.on, body.kind, body.note, officer, tx)
    )


@router.post("/legal-aid/{aid_id}/outcome")
async def finish(body: OutcomeBody, step: GiversStep) -> LegalAidDetail:
    """Record what came of it."""
    return await step("handler", lambda aid, _, tx: commands.finish(aid, body.outcome, body.recovered, tx))


@router.post("/legal-aid/{aid_id}/termination")
async def terminate(body: EndingBody, step: GiversStep) -> LegalAidDetail:
    """End legal aid early, with the reason in writing; by an officer who approves."""
    return await step("approver", lambda aid, officer, tx: commands.terminate(aid, body.ending, body.text, officer, tx))


@router.post("/legal-aid/{aid_id}/objection-decision")
async def decide_objection(body: ObjectionAnswer, step: GiversStep) -> LegalAidDetail:
    """Decide on an objection; by a chief who did not decide on the application."""
    return await step(
        "chief", lambda aid, officer, tx: commands.decide_objection(aid, officer, body.text, uphold=body.uphold, tx=tx)
    )


@router.post("/legal-aid/{aid_id}/replacement-decision")
async def decide_replacement(body: ReplacementAnswer, step: GiversStep) -> LegalAidDetail:
    """Assign another lawyer as was asked, or refuse it with the reason in writing; by an officer who approves."""

    async def work(aid: LegalAid, officer: Officer, tx: Transaction) -> LegalAid:
        return await commands.decide_replacement(
            aid, officer, body.text, replace=body.replace, lawyer_id=body.lawyer_id, tx=tx
        )

    return await step("approver", work)


@router.put("/lawyers/{lawyer_id}")
async def record_lawyer(
    lawyer_id: LawyerId,
    body: LawyerBody,
    caller: Giver,
    response: Response,
    seen: Annotated[str | None, Header(alias="If-Match")] = None,
) -> LawyerView:
    """Put somebody who gives legal aid on the register, or change the entry (with `If-Match`); by the body's chief."""

    async def store(tx: Transaction) -> Lawyer:
        known = await Lawyer.of(lawyer_id, tx)
        await _keeps(caller, body.body, body.districts, tx)
        if known is not None:
            await _keeps(caller, known.body, known.districts, tx)
            require_revision(None if seen is None else if_match(seen), known.revision)
        return await lawyer_commands.record_lawyer(lawyer_id, **body.model_dump(), known=known, tx=tx)

    lawyer = await transact(store)
    set_etag(response, lawyer.revision)
    return LawyerView.of(lawyer)


@router.get("/lawyers")
async def list_lawyers(caller: Giver, page: PageAsked) -> Page[LawyerView]:
    """Those who give legal aid for an officer's body."""
    await officers.registered(caller)
    bodies = [body for body, department in _departments().items() if caller.is_officer_of(department)]
    return await Page.of(Lawyer, {"body": {"$in": bodies}}, LawyerView.of, page)


async def _keeps(caller: Caller, body: Body, districts: Iterable[str], tx: Transaction) -> None:
    """Raise Forbidden unless the caller is a chief of the body who reaches all of the districts."""
    department = _departments()[body]
    for district in districts:
        await officers.on_duty(caller, "chief", Matter(departments=[department], district=district), tx)


def _departments() -> dict[Body, str]:
    return dict(departments(parameters.on(shanghai_date(clock.now()))))


async def _shown(aid: LegalAid, caller: Caller, response: Response) -> LegalAidDetail:
    set_etag(response, aid.revision)
    return LegalAidDetail.of_file(aid, await origin_shown(aid, caller))
