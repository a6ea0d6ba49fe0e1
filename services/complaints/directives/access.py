"""Who sees an order to put right and acts on it: officers on the register, and the enterprise once it is served."""

from __future__ import annotations

from typing import Any

from services.complaints.cases.access import within_reach
from services.complaints.cases.assignment_commands import cases_away_from
from services.complaints.directives.commands import case_behind
from services.complaints.directives.documents import Directive
from services.complaints.officers import commands as officers
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, Matter, check_not_away, obstacle
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction
from shared.web.scope import HRSS


async def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on the orders that a caller sees: an enterprise's own that were served, or those of an officer's
    department (the labour department: all) and district, but what is for another circle, or what they stay away from."""
    if caller.role == "platform":
        return {"enterprise": caller.uscc, "served_on": {"$ne": None}}
    officer = await officers.registered(caller)
    wanted = within_reach(officer)
    if away := await cases_away_from(officer):
        wanted["root"] = {"$nin": [f"case:{case_id}" for case_id in away]}
    if not caller.is_officer_of(HRSS):
        wanted["department"] = officer.department
    return wanted


async def directive_of(directive_id: str, caller: Caller, tx: Transaction | None = None) -> Directive:
    """An order that the caller sees; any other is not found. Raises Forbidden for an officer who stays away from the case behind it
    (劳动保障监察条例 art. 16)."""
    directive = await Directive.of(directive_id, tx)
    if directive is None or not await _may_see(directive, caller, tx):
        raise NotFound("该责令改正", "the order")
    case = await case_behind(directive, tx) if caller.role == "officer" else None
    if case is not None:
        check_not_away(caller.subject, case.away)
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


def matter_of(directive: Directive) -> Matter:
    return Matter(
        departments=[directive.department, HRSS],
        district=directive.district,
        enterprise=directive.enterprise,
        circle=directive.circle,
    )


async def _may_see(directive: Directive, caller: Caller, tx: Transaction | None) -> bool:
    if caller.role == "platform":
        return directive.enterprise == caller.uscc and directive.served_on is not None
    officer = await officers.registered(caller, tx)
    return obstacle(officer.person, matter_of(directive), None) is None
