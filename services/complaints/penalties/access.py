"""Who sees a penalty and acts on it: officers of the labour department on the register, and the enterprise once it is told."""

from __future__ import annotations

from typing import Any

from services.complaints.cases.access import case_for_reading
from services.complaints.cases.documents import Case
from services.complaints.directives.access import directive_of
from services.complaints.directives.rules import BREACHED
from services.complaints.inspections.commands import inspection_for
from services.complaints.inspections.documents import Inspection
from services.complaints.officers import commands as officers
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, Matter, obstacle
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.filing_commands import Filed, Origin
from services.complaints.penalties.rules import OriginKind
from services.complaints.penalties.steps import matter_of
from shared import clock
from shared.callers import Caller
from shared.errors import Conflict, Forbidden, NotFound, RuleBroken
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction
from shared.web.scope import HRSS

NOT_FOUND = NotFound("该行政处罚", "the penalty")


async def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on the penalties that a caller sees: an enterprise's own that it was told of, or those of an officer's
    district, but what is for another circle, or what they stay away from."""
    if caller.role == "platform":
        return {"enterprise": caller.uscc, "notice": {"$ne": None}}
    officer = await officers.registered(caller)
    wanted: dict[str, Any] = {"department": officer.department}
    if not officer.person.everywhere:
        wanted["district"] = officer.district
    sensitive = parameters.on(shanghai_date(clock.now())).texts("complaint.sensitive")
    if closed := sorted({*sensitive} - {*officer.circles}):
        wanted["circle"] = {"$nin": closed}
    if away := [one.enterprise for one in officer.interests]:
        wanted["enterprise"] = {"$nin": away}
    return wanted


async def penalty_of(penalty_id: str, caller: Caller, tx: Transaction | None = None) -> Penalty:
    """A penalty that the caller sees; any other is not found."""
    penalty = await Penalty.of(penalty_id, tx)
    if penalty is None:
        raise NOT_FOUND
    if caller.role == "platform":
        seen = penalty.enterprise == caller.uscc and penalty.notice is not None
    else:
        seen = obstacle((await officers.registered(caller, tx)).person, matter_of(penalty), None) is None
    if not seen:
        raise NOT_FOUND
    return penalty


async def own_penalty(penalty_id: str, platform: Caller, seen: int, tx: Transaction) -> Penalty:
    """An enterprise's own penalty, as it read it."""
    penalty = await penalty_of(penalty_id, platform, tx)
    require_revision(seen, penalty.revision)
    return penalty


async def penalty_in_hand(
    penalty_id: str, caller: Caller, duty: Duty, seen: int | None, tx: Transaction
) -> tuple[Penalty, Officer]:
    """A penalty that an officer acts on, as they read it, and the officer; raises Forbidden for one who stays away, from it or
    from the case behind it."""
    penalty = await penalty_of(penalty_id, caller, tx)
    officer = await officers.on_duty(caller, duty, matter_of(penalty), tx)
    case = None if penalty.case_id is None else await Case.of(penalty.case_id, tx)
    if case is not None:
        penalty.away = list(dict.fromkeys([*penalty.away, *case.away]))
    _check_not_away(officer, penalty.away)
    if seen is not None:
        require_revision(seen, penalty.revision)
    return penalty, officer


async def origin_of(
    kind: OriginKind, origin_id: str | None, filed: Filed, caller: Caller, tx: Transaction
) -> tuple[Origin, Officer]:
    """What a penalty arises from, and the officer who files it.

    Raises RuleBroken where the origin is about another enterprise or district, and Conflict where nothing follows from it.
    """
    today = shanghai_date(clock.now())
    if kind == "own" and origin_id is None:
        root = f"own:{filed.began_on}"
        origin = Origin(kind="own", id=None, root=root, case=None, circle=None, found_on=today, breached=False)
    elif kind == "directive" and origin_id is not None:
        directive = await directive_of(origin_id, caller, tx)
        _fits(filed, directive.enterprise, directive.district)
        if directive.state not in BREACHED:
            raise Conflict("not-breached", "责令改正未逾期", "the order was not breached")
        if directive.violation != filed.violation:
            raise RuleBroken("violation-differs", "与责令改正的违法行为不一致", "the order is about another violation")
        case = await _case_behind(directive.root, tx)
        origin = Origin(
            kind="directive", id=directive.id, root=directive.root, case=case, circle=directive.circle,
            found_on=shanghai_date((case or directive).created_at), breached=True,
        )  # fmt: skip
    elif kind == "case" and origin_id is not None:
        case = await case_for_reading(origin_id, caller, tx)
        _fits(filed, case.platform, case.district)
        if case.state not in ("accepted", "concluded", "decided"):
            raise Conflict("case-state", "该投诉未受理或已办结", "the case is not taken up, or is over")
        origin = Origin(
            kind="case", id=case.id, root=f"case:{case.id}", case=case, circle=case.circle,
            found_on=shanghai_date(case.created_at), breached=False,
        )  # fmt: skip
    elif kind == "inspection" and origin_id is not None:
        inspection, _ = await inspection_for(origin_id, caller, None, tx)
        _fits(filed, inspection.enterprise, inspection.district)
        if inspection.visited_on is None or inspection.outcome != "violations":
            raise Conflict("nothing-found", "该检查没有发现违法行为", "the inspection found no violation")
        root = await _root_of(inspection, tx)
        case = await _case_behind(root, tx)
        origin = Origin(
            kind="inspection", id=inspection.id, root=root, case=case,
            circle=None if case is None else case.circle, found_on=inspection.visited_on, breached=False,
        )  # fmt: skip
    else:
        raise RuleBroken("origin", "来源有误", "an origin but an officer's own motion is named by its id")
    matter = Matter(departments=[HRSS], district=filed.district, enterprise=filed.enterprise, circle=origin.circle)
    officer = await officers.on_duty(caller, "handler", matter, tx)
    _check_not_away(officer, [] if origin.case is None else origin.case.away)
    return origin, officer


async def _root_of(inspection: Inspection, tx: Transaction) -> str:
    """What an inspection began with, behind whatever inspections led to it, as orders to put right name it too."""
    while (began := inspection.origin) is not None:
        before = await Inspection.of(began.id, tx) if began.kind == "inspection" else None
        if before is None:
            return f"{began.kind}:{began.id}"
        inspection = before
    return f"inspection:{inspection.id}"


async def _case_behind(root: str, tx: Transaction) -> Case | None:
    kind, _, case_id = root.partition(":")
    return await Case.of(case_id, tx) if kind == "case" else None


def _check_not_away(officer: Officer, away: list[str]) -> None:
    if officer.id in away:
        raise Forbidden("您已回避此事项", "the officer stays away from this matter")


def _fits(filed: Filed, enterprise: str | None, district: str) -> None:
    if enterprise not in (None, filed.enterprise) or district != filed.district:
        raise RuleBroken(
            "origin-differs", "与来源的单位或者区县不一致", "the origin is about another enterprise or district"
        )
