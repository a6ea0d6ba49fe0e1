"""What an order to put right arises from: a case, a lead, what an inspection found, a joint task's result, or nothing of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.complaints.cases.access import case_for_reading
from services.complaints.cases.assignment_commands import HRSS
from services.complaints.cases.confidence import check_says_nothing_of_reporter
from services.complaints.cases.documents import Case
from services.complaints.directives.commands import Order, Origin, names_in
from services.complaints.directives.rules import OriginKind
from services.complaints.inspections import consequences
from services.complaints.inspections.access import inspection_for
from services.complaints.inspections.documents import Origin as Begun
from services.complaints.inspections.documents import begun
from services.complaints.joint import commands as joint
from services.complaints.leads import commands as leads
from services.complaints.officers import commands as officers
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Matter, check_not_away
from shared.callers import Caller
from shared.contracts.complaints.leads import Became
from shared.errors import Conflict, RuleBroken
from shared.identity.regions import CITY
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The origin as an officer names it. `items`: of an inspection, the findings that the order answers."""

    kind: OriginKind
    id: str | None
    items: Sequence[str] = ()


async def origin_of(
    named: Named, directive_id: str, order: Order, caller: Caller, tx: Transaction
) -> tuple[Origin, Officer]:
    """What an order arises from, and the officer: of a department of what it arises from, or of any where it is on its own.

    A lead is taken up by it, and an inspection or a joint task shows it. Raises RuleBroken where the origin is about another
    enterprise or district.
    """
    if (named.kind == "own") == (named.id is None) and not (named.items and named.kind != "inspection"):
        match named.kind, named.id:
            case "case", str(case_id):
                return await _from_case(case_id, order, caller, tx)
            case "lead", str(lead_id):
                return await _from_lead(lead_id, directive_id, order, caller, tx)
            case "inspection", str(inspection_id):
                return await _from_inspection(inspection_id, named.items, directive_id, order, caller, tx)
            case "joint", str(joint_id):
                return await _from_joint(joint_id, directive_id, order, caller, tx)
            case "own", None:
                return await _own(directive_id, order, caller, tx)
    raise RuleBroken(
        "origin", "来源有误", "a matter is named by its id, an inspection with its items, and nothing else is"
    )


async def _from_case(case_id: str, order: Order, caller: Caller, tx: Transaction) -> tuple[Origin, Officer]:
    case = await case_for_reading(case_id, caller, tx)
    _fits(order, case.platform, case.district)
    if case.state not in ("accepted", "concluded", "decided"):
        raise Conflict("case-state", "该投诉未受理或已办结", "the case is not taken up, or is over")
    matter = Matter(
        departments=[*case.departments, HRSS], district=case.district, enterprise=order.enterprise, circle=case.circle
    )
    officer = await officers.on_duty(caller, "handler", matter, tx)
    return await _arisen("case", case.id, f"case:{case.id}", case, order, officer, tx), officer


async def _from_lead(
    lead_id: str, directive_id: str, order: Order, caller: Caller, tx: Transaction
) -> tuple[Origin, Officer]:
    lead = await leads.lead_within_reach(lead_id, caller, tx)
    _fits(order, lead.platform, lead.district)
    matter = Matter(departments=lead.departments, district=lead.district, enterprise=order.enterprise)
    officer = await officers.on_duty(caller, "handler", matter, tx)
    await leads.take_up(lead, Became(kind="directive", id=directive_id), caller, tx)
    return Origin(kind="lead", id=lead.id, root=f"lead:{lead.id}"), officer


async def _from_inspection(
    inspection_id: str, items: Sequence[str], directive_id: str, order: Order, caller: Caller, tx: Transaction
) -> tuple[Origin, Officer]:
    inspection, officer = await inspection_for(inspection_id, caller, "handler", tx)
    _fits(order, inspection.enterprise, inspection.district)
    root, case = await begun(Begun(kind="inspection", id=inspection.id), tx)
    await consequences.order(inspection, items, directive_id, officer, tx)
    return await _arisen("inspection", inspection.id, root, case, order, officer, tx), officer


async def _from_joint(
    joint_id: str, directive_id: str, order: Order, caller: Caller, tx: Transaction
) -> tuple[Origin, Officer]:
    task, officer = await joint.task_for(joint_id, caller, "handler", tx)
    _fits(order, task.enterprise, task.district)
    root, case = await begun(task.origin, tx)
    await joint.order(task, directive_id, tx)
    return await _arisen("joint", task.id, root, case, order, officer, tx), officer


async def _own(directive_id: str, order: Order, caller: Caller, tx: Transaction) -> tuple[Origin, Officer]:
    department = (await officers.registered(caller, tx)).department
    matter = Matter(departments=[department], district=order.district, enterprise=order.enterprise)
    officer = await officers.on_duty(caller, "handler", matter, tx)
    return Origin(kind="own", id=None, root=f"directive:{directive_id}"), officer


async def _arisen(
    kind: OriginKind, origin_id: str, root: str, case: Case | None, order: Order, officer: Officer, tx: Transaction
) -> Origin:
    """An origin, with what is to be kept back of the case at its beginning. Raises Conflict where the order would show who reported,
    also by their own words, and Forbidden for an officer who stays away from that case."""
    if case is None:
        return Origin(kind=kind, id=origin_id, root=root)
    if case is not None:
        check_not_away(officer.id, case.away)
    for _, text in order.demands:
        await check_says_nothing_of_reporter(case, text, tx)
    names = names_in(case) if case.protected else ()
    return Origin(kind=kind, id=origin_id, root=root, circle=case.circle, protected=case.protected, names=names)


def _fits(order: Order, enterprise: str | None, district: str) -> None:
    if enterprise not in (None, order.enterprise) or district not in (order.district, CITY):
        raise RuleBroken(
            "origin-differs", "与来源的单位或者区县不一致", "the origin is about another enterprise or district"
        )
