"""Which applications a caller reaches: an applicant and their agent their own, an officer those that they check."""

from __future__ import annotations

from typing import Annotated, Any, Final

from services.subsidies.applications.documents import Application
from services.subsidies.applications.kinds import departments
from services.subsidies.officers.commands import on_duty
from shared import clock
from shared.callers import Caller
from shared.errors import Forbidden, NotFound
from shared.policy.calendar import shanghai_date
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction
from shared.storage.writes import stored
from shared.web.scope import callers, reach

Filer = Annotated[
    Caller, callers("worker", "platform", "provider", "union", departments=departments(), district="document")
]
Reader = Filer
Checker = Annotated[Caller, callers(departments=departments(), district="document")]

APPLYING: Final = ("worker", "platform", "provider", "union")
"""Roles that apply by their own token, or as somebody's agent."""


def party_of(caller: Caller) -> str:
    """As whom a caller files: `<role>:<id>`."""
    match caller.role:
        case "worker":
            return f"worker:{caller.worker_id}"
        case "platform" | "provider":
            return f"{caller.role}:{caller.uscc}"
    return f"{caller.role}:{caller.subject}"


def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on the applications in a caller's list. A draft is of no department, and its filer's alone; an agent whose
    mandate is over sees nothing more of it."""
    if caller.role == "officer":
        return {"department": caller.department} | reach(caller, district="district")
    party = party_of(caller)
    over = stored({"agent.party": party, "agent.until": {"$lt": shanghai_date(clock.now())}})
    return {"parties": party, "$nor": [over]}


async def application_of(application_id: str, caller: Caller, tx: Transaction | None = None) -> Application:
    """An application that the caller may see; any other is not found."""
    application = await Application.of(application_id, tx)
    if application is None or not _sees(application, caller):
        raise NotFound("该申请", "the application")
    return application


async def own_application(application_id: str, caller: Caller, seen: int, tx: Transaction) -> Application:
    """An application that the caller filed, or that is theirs, as they read it."""
    application = await application_of(application_id, caller, tx)
    if party_of(caller) not in application.parties:
        raise Forbidden()
    require_revision(seen, application.revision)
    return application


async def application_checked(application_id: str, officer: Caller, tx: Transaction | None = None) -> Application:
    """An application that the officer's department checks in their district; any other is not found, though they filed it."""
    application = await Application.of(application_id, tx)
    if application is None or not _checks(application, officer):
        raise NotFound("该申请", "the application")
    return application


async def application_in_hand(application_id: str, officer: Caller, seen: int, tx: Transaction) -> Application:
    """An application that the officer checks, as they read it."""
    application = await application_checked(application_id, officer, tx)
    require_revision(seen, application.revision)
    return application


async def application_for_head(application_id: str, officer: Caller, seen: int, tx: Transaction) -> Application:
    """The same for the head of the office, as the register has them."""
    application = await application_in_hand(application_id, officer, seen, tx)
    await on_duty(officer, application.district, "head", tx=tx)
    return application


def _sees(application: Application, caller: Caller) -> bool:
    party, agent = party_of(caller), application.agent
    if party in application.parties:
        return agent is None or agent.party != party or agent.until >= shanghai_date(clock.now())
    return _checks(application, caller)


def _checks(application: Application, caller: Caller) -> bool:
    return caller.is_officer_of(application.department or "") and caller.reaches(application.district)
