"""Which cases a caller sees, and on which of them an officer acts."""

from __future__ import annotations

from typing import Any

from services.complaints.cases import rules
from services.complaints.cases.assignment_commands import matter_of, put_in_hands
from services.complaints.cases.documents import Case
from services.complaints.members.commands import standing
from services.complaints.officers.commands import on_duty, registered
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, Matter, check_not_away, obstacle
from shared import clock
from shared.callers import Caller
from shared.errors import Conflict, Forbidden, NotFound
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.records import find, require_revision
from shared.storage.transaction import Transaction
from shared.web.scope import HRSS


async def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on cases that a caller may see: a worker's own and those they joined, what a union filed; for an officer
    on the register those of the own department (the labour department: all) and district, but what is for another circle,
    or what they stay away from."""
    match caller.role:
        case "worker":
            return {"$or": [{"worker_id": caller.worker_id}, {"members": caller.worker_id}]}
        case "union":
            return {"reporter.by": caller.subject}
        case "officer":
            return _reached(caller, await registered(caller))
    raise Forbidden()


def within_reach(officer: Officer, *, enterprise: str = "enterprise") -> dict[str, Any]:
    """The condition on the matters that an officer sees: those of the own district, but what is for another circle, or about an
    enterprise that they stay away from. `enterprise` is the field that names it; whose departments' matters they are says
    whoever asks."""
    wanted: dict[str, Any] = {} if officer.person.everywhere else {"district": officer.district}
    sensitive = parameters.on(shanghai_date(clock.now())).texts("complaint.sensitive")
    if closed := sorted({*sensitive} - {*officer.circles}):
        wanted["circle"] = {"$nin": closed}
    if away := [one.enterprise for one in officer.interests]:
        wanted[enterprise] = {"$nin": away}
    return wanted


async def case_for_reading(case_id: str, caller: Caller, tx: Transaction | None = None) -> Case:
    """A case that the caller may see; any other is not found. Raises Forbidden for an officer who stays away from it: to read on is to
    have a part in it (劳动保障监察条例 art. 16)."""
    if tx is not None and caller.role == "officer":
        await tx.ahead([(Case, case_id), (Officer, caller.subject)])
    case = await Case.of(case_id, tx)
    if case is None or not await _may_see(case, caller, tx):
        raise NotFound("该投诉", "the case")
    if caller.role == "officer":
        check_not_away(caller.subject, case.away)
    return case


async def links_shown(case: Case, caller: Caller) -> list[str]:
    """The cases linked to one that an officer sees too: one for another circle is not named to them."""
    if caller.role != "officer" or not case.links:
        return []
    found = await find(Case, {"_id": {"$in": case.links}, **await seen_by(caller)})
    return [one for one in case.links if one in {other.id for other in found}]


async def own_case(case_id: str, caller: Caller, seen: int | None, tx: Transaction) -> Case:
    """A case that a caller filed, or speaks for: the person harmed, a representative, or the union that filed it."""
    case = await case_for_reading(case_id, caller, tx)
    known = await standing(caller, case.people, tx)
    speaks = (
        case.worker_id == known.worker_id or known.worker_id in case.representatives
        if caller.role == "worker"
        else case.reporter.by == caller.subject
    )
    if not speaks:
        raise Forbidden("由投诉人本人或者推选的代表办理", "this is for who filed the case, or a representative")
    if seen is not None:
        require_revision(seen, case.revision)
    return case


async def case_in_hand(case_id: str, officer: Caller, seen: int | None, tx: Transaction) -> Case:
    """A case that the officer handles. One that nobody has in hand comes into the officer's who acts on it first.

    `seen` is the revision that the officer read, where they named one. Raises Conflict where another officer handles it.
    """
    case, acting = await case_on_duty(case_id, officer, "handler", seen, tx)
    if case.handler is None and case.state not in rules.OVER:
        await put_in_hands(case, acting, tx)
    elif case.handler not in (None, acting.id):
        raise Conflict("not-assigned", "该投诉由其他承办人办理，请先交接", "another officer handles the case")
    return case


async def case_on_duty(
    case_id: str, caller: Caller, duty: Duty, seen: int | None, tx: Transaction
) -> tuple[Case, Officer]:
    """A case, and the officer of its lead department or of the labour department who acts on it with a duty."""
    case = await case_for_reading(case_id, caller, tx)
    officer = await on_duty(caller, duty, matter_of(case), tx)
    if seen is not None:
        require_revision(seen, case.revision)
    return case, officer


def _reached(caller: Caller, officer: Officer) -> dict[str, Any]:
    wanted = within_reach(officer, enterprise="platform") | {"away": {"$ne": officer.id}}
    if not caller.is_officer_of(HRSS):
        wanted["departments"] = officer.department
    return wanted


async def _may_see(case: Case, caller: Caller, tx: Transaction | None) -> bool:
    match caller.role:
        case "worker":
            return (await standing(caller, case.people, tx)).worker_id in case.people
        case "union":
            return case.reporter.by == caller.subject
        case "officer":
            officer = await registered(caller, tx)
            reading = Matter(
                departments=[*case.departments, HRSS],
                district=case.district,
                enterprise=case.platform,
                circle=case.circle,
            )
            return obstacle(officer.person, reading, None) is None
    return False
