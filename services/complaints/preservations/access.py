"""Who sees what is kept and acts on it, and from which matters it may arise."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from services.complaints.cases.access import case_in_hand, within_reach
from services.complaints.cases.assignment_commands import cases_away_from
from services.complaints.cases.documents import Case
from services.complaints.inspections.access import inspection_for
from services.complaints.inspections.documents import Origin as Begun
from services.complaints.inspections.documents import begun
from services.complaints.officers import commands as officers
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, check_not_away, obstacle
from services.complaints.penalties.access import check_not_standing_back, penalty_in_hand
from services.complaints.penalties.documents import Penalty
from services.complaints.preservations.commands import Arisen
from services.complaints.preservations.documents import Preservation
from services.complaints.preservations.rules import OriginKind
from shared.callers import Caller
from shared.contracts.complaints import Category
from shared.errors import Conflict, NotFound
from shared.storage.records import find, require_revision
from shared.storage.transaction import Transaction


async def origin_of(kind: OriginKind, origin_id: str, caller: Caller, tx: Transaction) -> tuple[Arisen, Officer]:
    """What evidence is collected for, and the officer who has it in hand; raises Conflict where nothing is investigated any more."""
    match kind:
        case "case":
            case = await case_in_hand(origin_id, caller, None, tx)
            officer = await officers.registered(caller, tx)
            if case.state != "accepted" or case.platform is None:
                raise Conflict("not-investigated", "该投诉不在调查阶段", "the case is not under investigation")
            return _arisen(kind, origin_id, case, case.platform, case.district, case.circle, case.away), officer
        case "penalty":
            penalty, officer = await penalty_in_hand(origin_id, caller, "handler", None, tx)
            check_not_standing_back(officer, penalty, "concluded")
            if penalty.state != "filed" or penalty.person is not None:
                raise Conflict("not-investigated", "该处罚案件不在对单位的调查阶段", "nothing is investigated any more")
            behind = None if penalty.case_id is None else await Case.of(penalty.case_id, tx)
            whose = penalty.enterprise, penalty.district, penalty.circle
            return _arisen(kind, origin_id, behind, *whose, penalty.away), officer
        case "inspection":
            inspection, officer = await inspection_for(origin_id, caller, "inspector", tx)
            if inspection.visited_on is not None:
                raise Conflict("not-investigated", "该检查已经结束", "the inspection is over")
            _, behind = await begun(Begun(kind="inspection", id=inspection.id), tx)
            circle = None if behind is None else behind.circle
            return _arisen(kind, origin_id, behind, inspection.enterprise, inspection.district, circle, []), officer


def _arisen(
    kind: OriginKind,
    origin_id: str,
    case: Case | None,
    enterprise: str,
    district: str,
    circle: Category | None,
    away: Collection[str],
) -> Arisen:
    both = [*away, *([] if case is None else case.away)]
    return Arisen(
        kind=kind, id=origin_id, case=case, enterprise=enterprise, district=district, circle=circle, away=both
    )


async def seen_by(caller: Caller) -> dict[str, Any]:
    """What a caller sees: an enterprise's own that is or was kept, or that of an officer's department and district."""
    if caller.role == "platform":
        return {"enterprise": caller.uscc, "kept_on": {"$ne": None}}
    officer = await officers.registered(caller)
    wanted = within_reach(officer) | {"department": officer.department}
    if cases := await cases_away_from(officer):
        wanted["case_id"] = {"$nin": cases}
    if penalties := [one.id for one in await find(Penalty, {"away": officer.id, "away.0": {"$gt": ""}})]:
        wanted["origin_id"] = {"$nin": penalties}
    return wanted


async def preservation_of(preservation_id: str, caller: Caller, tx: Transaction | None = None) -> Preservation:
    """One that the caller sees; any other is not found. Raises Forbidden for an officer who stays away from what it arose from."""
    found = await Preservation.of(preservation_id, tx)
    if found is None or not await _may_see(found, caller, tx):
        raise NotFound("该登记保存", "what is kept")
    if caller.role == "officer":
        case = None if found.case_id is None else await Case.of(found.case_id, tx)
        penalty = await Penalty.of(found.origin_id, tx) if found.origin == "penalty" else None
        check_not_away(caller.subject, [one for behind in (case, penalty) if behind is not None for one in behind.away])
    return found


async def in_hand(
    preservation_id: str, caller: Caller, duty: Duty, seen: int, tx: Transaction
) -> tuple[Preservation, Officer]:
    """One that an officer acts on, as they read it."""
    found = await preservation_of(preservation_id, caller, tx)
    officer = await officers.on_duty(caller, duty, found.concern, tx)
    require_revision(seen, found.revision)
    return found, officer


async def _may_see(found: Preservation, caller: Caller, tx: Transaction | None) -> bool:
    if caller.role == "platform":
        return found.enterprise == caller.uscc and found.kept_on is not None
    officer = await officers.registered(caller, tx)
    return obstacle(officer.person, found.concern, None) is None
