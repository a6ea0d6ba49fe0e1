"""Applications over HTTP, for officers: completeness, findings, public notice, decision and its record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.subsidies.applications import acceptance_commands, payment_commands, serving_commands
from services.subsidies.applications import review_commands as commands
from services.subsidies.applications.access import (
    Checker,
    application_checked,
    application_for_head,
    application_in_hand,
)
from services.subsidies.applications.api import PATH, TAGS, shown
from services.subsidies.applications.body import (
    ConfirmationBody,
    CorrectionBody,
    FindingBody,
    PaymentBody,
    ServiceBody,
    SupplementBody,
    WhyBody,
)
from services.subsidies.applications.documents import Application
from services.subsidies.applications.views import ApplicationDetail
from services.subsidies.decisions.documents import Decision
from services.subsidies.officers.commands import on_duty
from shared.errors import NotFound
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen

router = APIRouter(prefix="/v1", tags=[*TAGS])

Work = Callable[[Application, Transaction], Awaitable[Application]]
Get = Callable[..., Awaitable[Application]]


async def _take(
    get: Get, application_id: str, officer: Checker, seen: int, response: Response, work: Work
) -> ApplicationDetail:
    async def act(tx: Transaction) -> Application:
        return await work(await get(application_id, officer, seen, tx), tx)

    return shown(await transact(act), officer, response)


async def _of_checker(
    application_id: str, officer: Checker, seen: RevisionSeen, response: Response
) -> Callable[[Work], Awaitable[ApplicationDetail]]:
    return partial(_take, application_in_hand, application_id, officer, seen, response)


Step = Annotated[Callable[[Work], Awaitable[ApplicationDetail]], Depends(_of_checker)]
"""Takes a step with the application that a route names, and gives the answer."""


@router.post(PATH + "/{application_id}/acceptance")
async def accept(officer: Checker, step: Step) -> ApplicationDetail:
    """Find an application complete."""
    return await step(lambda one, tx: acceptance_commands.accept(one, officer.subject, tx))


@router.post(PATH + "/{application_id}/supplement-request")
async def ask(body: SupplementBody, officer: Checker, step: Step) -> ApplicationDetail:
    """Say, once, what is missing, and until when it is handed in."""
    return await step(lambda one, tx: acceptance_commands.ask(one, body.what, body.until, officer.subject, tx))


@router.post(PATH + "/{application_id}/proposal")
async def propose(officer: Checker, step: Step) -> ApplicationDetail:
    """Have the machine propose anew by what is known now; a finding on another proposal falls."""
    return await step(commands.propose_again)


@router.post(PATH + "/{application_id}/review")
async def review(body: FindingBody, officer: Checker, step: Step) -> ApplicationDetail:
    """Find for or against an application, as the first officer."""
    return await step(lambda one, tx: commands.review(one, body.finding, body.note, officer.subject, tx))


@router.post(PATH + "/{application_id}/confirmation")
async def confirm(body: ConfirmationBody, officer: Checker, step: Step) -> ApplicationDetail:
    """Sign the finding, as another officer: it is refused, passed to the head, put on public notice, or approved."""
    return await step(lambda one, tx: commands.confirm(one, officer.subject, body.to_head, tx))


@router.post(PATH + "/{application_id}/endorsement")
async def endorse(application_id: str, officer: Checker, seen: RevisionSeen, response: Response) -> ApplicationDetail:
    """Sign what two officers have signed, as the head."""
    return await _take(
        application_for_head,
        application_id,
        officer,
        seen,
        response,
        lambda one, tx: commands.endorse(one, officer.subject, tx),
    )


@router.post(PATH + "/{application_id}/return")
async def send_back(body: WhyBody, officer: Checker, step: Step) -> ApplicationDetail:
    """Return an application to the first officer, with the reason."""
    return await step(lambda one, tx: commands.send_back(one, body.reason, officer.subject, tx))


@router.post(PATH + "/{application_id}/approval")
async def approve(officer: Checker, step: Step) -> ApplicationDetail:
    """Approve what was on public notice, once its days are over."""
    return await step(lambda one, tx: commands.approve(one, officer.subject, tx))


@router.post(PATH + "/{application_id}/payment")
async def pay(body: PaymentBody, officer: Checker, step: Step) -> ApplicationDetail:
    """Pay what was approved before money was reserved at once. Where no amount was set, a head of the register sets it: no clerk says
    alone how much is paid."""

    async def work(one: Application, tx: Transaction) -> Application:
        if one.amount is None and body.amount is not None:
            await on_duty(officer, one.district, "head", tx=tx)
        return await payment_commands.pay(one, body.amount, officer.subject, tx)

    return await step(work)


@router.post(PATH + "/{application_id}/recusal")
async def stay_away(officer: Checker, step: Step) -> ApplicationDetail:
    """Stay away from an application in which one has an interest."""
    return await step(lambda one, tx: commands.stay_away(one, officer.subject, tx))


@router.post(PATH + "/{application_id}/services")
async def serve(body: ServiceBody, officer: Checker, step: Step) -> ApplicationDetail:
    """Record that the decision was served on the applicant: the terms to contest it begin."""
    return await step(lambda one, tx: serving_commands.serve(one, body.way_of, officer.subject, tx))


@router.post(PATH + "/{application_id}/service-corrections")
async def correct_service(body: CorrectionBody, officer: Checker, step: Step) -> ApplicationDetail:
    """Record that the service of the decision was recorded wrongly; what ran from it runs from the right one, or not at all."""

    async def work(one: Application, tx: Transaction) -> Application:
        await write_down("subsidy_application.service_corrected", one.id, officer, tx, body.reason)
        anew = None if body.anew is None else body.anew.way_of
        return await serving_commands.correct(one, body.reason, anew, officer.subject, tx)

    return await step(work)


@router.get(
    PATH + "/{application_id}/decisions/{number}",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}, "description": "the canonical record"}},
)
async def export(application_id: str, number: int, officer: Checker) -> Response:
    """The record of a decision, as `python -m services.subsidies decisions --verify FILE` runs it again."""
    application = await application_checked(application_id, officer)
    decision = await Decision.of(f"{application.id}:{number:03}")
    if decision is None:
        raise NotFound("该决定", "the decision")
    await write_down("subsidy_decision.read", decision.id, officer)
    headers = {
        "ETag": f'"{decision.digest}"',
        "Content-Disposition": f'attachment; filename="{application.id}-{number}.json"',
    }
    return Response(decision.content, media_type="application/json", headers=headers)
