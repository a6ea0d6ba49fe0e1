"""What a penalty arises from: an order to put right, a case, what an inspection found, or an officer's own motion."""

from __future__ import annotations

from services.complaints.cases.access import case_for_reading
from services.complaints.cases.assignment_commands import HRSS
from services.complaints.cases.documents import Case
from services.complaints.directives.access import directive_of
from services.complaints.inspections.access import inspection_for
from services.complaints.inspections.documents import Origin as Begun
from services.complaints.inspections.documents import begun
from services.complaints.officers import commands as officers
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Matter, check_not_away
from services.complaints.penalties import steps
from services.complaints.penalties.rules import OriginKind
from services.complaints.penalty_filing.commands import Filed, Origin
from shared.callers import Caller
from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction


async def origin_of(
    kind: OriginKind, origin_id: str | None, filed: Filed, caller: Caller, tx: Transaction
) -> tuple[Origin, Officer]:
    """What a penalty arises from, and the officer who files it.

    Raises RuleBroken where the origin is about another enterprise or district, and Conflict where nothing follows from it.
    """
    match kind, origin_id:
        case "own", None:
            root = f"own:{filed.began_on}"
            origin = Origin(kind="own", id=None, root=root, case=None, circle=None, found_on=steps.today())
        case "directive", str(directive_id):
            origin = await _from_directive(directive_id, filed, caller, tx)
        case "case", str(case_id):
            origin = await _from_case(case_id, filed, caller, tx)
        case "inspection", str(inspection_id):
            origin = await _from_inspection(inspection_id, filed, caller, tx)
        case _:
            raise RuleBroken("origin", "来源有误", "an origin but an officer's own motion is named by its id")
    matter = Matter(departments=[HRSS], district=filed.district, enterprise=filed.enterprise, circle=origin.circle)
    officer = await officers.on_duty(caller, "handler", matter, tx)
    check_not_away(officer.id, [] if origin.case is None else origin.case.away)
    return origin, officer


async def _from_directive(directive_id: str, filed: Filed, caller: Caller, tx: Transaction) -> Origin:
    directive = await directive_of(directive_id, caller, tx)
    _fits(filed, directive.enterprise, directive.district)
    if not directive.breached:
        raise Conflict("not-breached", "责令改正未逾期", "the order was not breached")
    if directive.violation != filed.violation:
        raise RuleBroken("violation-differs", "与责令改正的违法行为不一致", "the order is about another violation")
    kind, _, case_id = directive.root.partition(":")
    case = await Case.of(case_id, tx) if kind == "case" else None
    return Origin(
        kind="directive", id=directive.id, root=directive.root, case=case, circle=directive.circle,
        found_on=shanghai_date((case or directive).created_at),
    )  # fmt: skip


async def _from_case(case_id: str, filed: Filed, caller: Caller, tx: Transaction) -> Origin:
    case = await case_for_reading(case_id, caller, tx)
    _fits(filed, case.platform, case.district)
    if case.state not in ("accepted", "concluded", "decided"):
        raise Conflict("case-state", "该投诉未受理或已办结", "the case is not taken up, or is over")
    return Origin(
        kind="case", id=case.id, root=f"case:{case.id}", case=case, circle=case.circle,
        found_on=shanghai_date(case.created_at),
    )  # fmt: skip


async def _from_inspection(inspection_id: str, filed: Filed, caller: Caller, tx: Transaction) -> Origin:
    inspection, _ = await inspection_for(inspection_id, caller, None, tx)
    _fits(filed, inspection.enterprise, inspection.district)
    if inspection.visited_on is None or inspection.outcome != "violations":
        raise Conflict("nothing-found", "该检查没有发现违法行为", "the inspection found no violation")
    root, case = await begun(Begun(kind="inspection", id=inspection.id), tx)
    return Origin(
        kind="inspection", id=inspection.id, root=root, case=case, circle=None if case is None else case.circle,
        found_on=inspection.visited_on,
    )  # fmt: skip


def _fits(filed: Filed, enterprise: str | None, district: str) -> None:
    if enterprise not in (None, filed.enterprise) or district != filed.district:
        raise RuleBroken(
            "origin-differs", "与来源的单位或者区县不一致", "the origin is about another enterprise or district"
        )
