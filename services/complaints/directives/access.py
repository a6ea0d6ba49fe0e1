"""Who sees an order to put right and acts on it: officers on the register, and the enterprise once it is served."""

from __future__ import annotations

from typing import Any

from services.complaints.cases.access import case_for_reading
from services.complaints.directives.commands import Order, Origin, names_in
from services.complaints.directives.documents import Directive
from services.complaints.directives.rules import OriginKind
from services.complaints.leads import commands as leads
from services.complaints.officers import commands as officers
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, Matter, obstacle
from shared import clock
from shared.callers import Caller
from shared.contracts.complaints.leads import Became
from shared.errors import Conflict, NotFound, RuleBroken
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction
from shared.web.scope import HRSS


async def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on the orders that a caller sees: an enterprise's own that were served, or those of an officer's
    department (the labour department: all) and district, but what is for another circle, or what they stay away from."""
    if caller.role == "platform":
        return {"enterprise": caller.uscc, "served_on": {"$ne": None}}
    officer = await officers.registered(caller)
    wanted: dict[str, Any] = {} if officer.person.everywhere else {"district": officer.district}
    if not caller.is_officer_of(HRSS):
        wanted["department"] = officer.department
    sensitive = parameters.on(shanghai_date(clock.now())).texts("complaint.sensitive")
    if closed := sorted({*sensitive} - {*officer.circles}):
        wanted["circle"] = {"$nin": closed}
    if away := [one.enterprise for one in officer.interests]:
        wanted["enterprise"] = {"$nin": away}
    return wanted


async def directive_of(directive_id: str, caller: Caller, tx: Transaction | None = None) -> Directive:
    """An order that the caller sees; any other is not found."""
    directive = await Directive.of(directive_id, tx)
    if directive is None or not await _may_see(directive, caller, tx):
        raise NotFound("该责令改正", "the order")
    return directive


async def own_directive(directive_id: str, platform: Caller, seen: int, tx: Transaction) -> Directive:
    """An enterprise's own order, as it read it."""
    directive = await directive_of(directive_id, platform, tx)
    require_revision(seen, directive.revision)
    return directive


async def directive_in_hand(
    directive_id: str, caller: Caller, duty: Duty, seen: int | None, tx: Transaction
) -> tuple[Directive, Officer]:
    """An order that an officer acts on, as they read it, and the officer."""
    directive = await directive_of(directive_id, caller, tx)
    officer = await officers.on_duty(caller, duty, matter_of(directive), tx)
    if seen is not None:
        require_revision(seen, directive.revision)
    return directive, officer


async def origin_of(
    kind: OriginKind, origin_id: str | None, directive_id: str, order: Order, caller: Caller, tx: Transaction
) -> tuple[Origin, Officer]:
    """What an order arises from, and the officer: of a department of the case or lead, or of any where it is on its own.

    A lead is taken up by it. Raises RuleBroken where the origin is about another enterprise or district.
    """
    if kind == "case" and origin_id is not None:
        case = await case_for_reading(origin_id, caller, tx)
        _fits(order, case.platform, case.district)
        if case.state not in ("accepted", "concluded", "decided"):
            raise Conflict("case-state", "该投诉未受理或已办结", "the case is not taken up, or is over")
        matter = Matter(
            departments=[*case.departments, HRSS], district=case.district, enterprise=order.enterprise,
            circle=case.circle,
        )  # fmt: skip
        officer = await officers.on_duty(caller, "handler", matter, tx)
        if case.protected:
            origin = Origin(
                kind="case", id=case.id, root=f"case:{case.id}", circle=case.circle, protected=True,
                names=names_in(case),
            )  # fmt: skip
        else:
            origin = Origin(kind="case", id=case.id, root=f"case:{case.id}", circle=case.circle)
        return origin, officer
    if kind == "lead" and origin_id is not None:
        lead = await leads.lead_within_reach(origin_id, caller, tx)
        _fits(order, lead.platform, lead.district)
        matter = Matter(departments=lead.departments, district=lead.district, enterprise=order.enterprise)
        officer = await officers.on_duty(caller, "handler", matter, tx)
        await leads.take_up(lead, Became(kind="directive", id=directive_id), caller, tx)
        return Origin(kind="lead", id=lead.id, root=f"lead:{lead.id}"), officer
    if kind == "own" and origin_id is None:
        department = (await officers.registered(caller, tx)).department
        matter = Matter(departments=[department], district=order.district, enterprise=order.enterprise)
        officer = await officers.on_duty(caller, "handler", matter, tx)
        return Origin(kind="own", id=None, root=f"directive:{directive_id}"), officer
    raise RuleBroken("origin", "来源有误", "a case or a lead is named by its id, and nothing else is")


def matter_of(directive: Directive) -> Matter:
    return Matter(
        departments=[directive.department, HRSS],
        district=directive.district,
        enterprise=directive.enterprise,
        circle=directive.circle,
    )


def _fits(order: Order, enterprise: str | None, district: str) -> None:
    if enterprise not in (None, order.enterprise) or district != order.district:
        raise RuleBroken(
            "origin-differs", "与来源的单位或者区县不一致", "the origin is about another enterprise or district"
        )


async def _may_see(directive: Directive, caller: Caller, tx: Transaction | None) -> bool:
    if caller.role == "platform":
        return directive.enterprise == caller.uscc and directive.served_on is not None
    officer = await officers.registered(caller, tx)
    return obstacle(officer.person, matter_of(directive), None) is None
