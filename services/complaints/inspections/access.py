"""Who sees an inspection and acts on it, and from which matters one may begin. What comes of a sensitive case is for the circle of
officers that sees the case; a published result, which names no case, is for everybody."""

from __future__ import annotations

from typing import Any

from services.complaints.cases.assignment_commands import cases_away_from
from services.complaints.cases.documents import Case
from services.complaints.inspections.documents import Inspection, Origin, begun
from services.complaints.leads.documents import Lead
from services.complaints.officers.commands import on_duty, registered
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, Matter, check_not_away, obstacle
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.records import find
from shared.storage.transaction import Transaction


async def inspection_for(
    inspection_id: str, caller: Caller, duty: Duty | None, tx: Transaction
) -> tuple[Inspection, Officer]:
    """An inspection on which the officer acts with a duty (None: reads it), with their entry in the register; raises Forbidden for
    one who stays away from the case that it comes from (劳动保障监察条例 art. 16)."""
    inspection = await Inspection.of(inspection_id, tx)
    if inspection is None or not caller.is_officer_of(inspection.department) or not caller.reaches(inspection.district):
        raise NotFound("该检查任务", "the inspection")
    matter, case = await matter_of(inspection, tx)
    if matter.outside((await registered(caller, tx)).circles):
        raise NotFound("该检查任务", "the inspection")
    officer = await on_duty(caller, duty, matter, tx)
    if case is not None:
        check_not_away(officer.id, case.away)
    return inspection, officer


async def not_away(officer: Officer) -> dict[str, Any]:
    """The condition on what has an origin: that it comes from no case that the officer stays away from, nor from an inspection that
    does."""
    away = behind = await cases_away_from(officer)
    while behind:
        behind = [one.id for one in await find(Inspection, {"origin.id": {"$in": behind, "$gt": ""}})]
        away = [*away, *behind]
    return {"origin.id": {"$nin": away}} if away else {}


async def own_inspection(inspection_id: str, platform: Caller, tx: Transaction | None = None) -> Inspection:
    """The enterprise's own inspection, once it has been visited: before, it does not learn that there is one."""
    inspection = await Inspection.of(inspection_id, tx)
    if inspection is None or inspection.enterprise != platform.uscc or inspection.state not in ("found", "published"):
        raise NotFound("该检查任务", "the inspection")
    return inspection


async def check_origin(origin: Origin, officer: Officer, tx: Transaction) -> None:
    """Raise NotFound where the matter that something begins from is not there, or not within the officer's reach, Forbidden where they
    stay away from it."""
    matter: Matter | None = None
    case: Case | None = None
    match origin.kind:
        case "case":
            case = await Case.of(origin.id, tx)
            if case is not None:
                matter = Matter(
                    departments=case.departments,
                    district=case.district,
                    enterprise=case.platform,
                    circle=case.circle,
                )
        case "lead":
            lead = await Lead.of(origin.id, tx)
            if lead is not None:
                matter = Matter(departments=lead.departments, district=lead.district, enterprise=lead.platform)
        case "inspection":
            inspection = await Inspection.of(origin.id, tx)
            if inspection is not None:
                matter, case = await matter_of(inspection, tx)
    if matter is None or obstacle(officer.person, matter, None) is not None:
        raise NotFound("所依据的事项", "the matter that this begins from")
    if case is not None:
        check_not_away(officer.id, case.away)


async def matter_of(inspection: Inspection, tx: Transaction) -> tuple[Matter, Case | None]:
    """What an inspection is to officers, and the case that it comes from, be it by an earlier one."""
    case = None
    if inspection.origin is not None:
        _, case = await begun(inspection.origin, tx)
    circle = inspection.circle if case is None else case.circle
    matter = Matter(
        departments=[inspection.department],
        district=inspection.district,
        enterprise=inspection.enterprise,
        circle=circle,
    )
    return matter, case
