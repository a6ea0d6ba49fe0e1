"""Who sees a penalty and acts on it: officers of the labour department on the register, and the enterprise once it is told."""

from __future__ import annotations

from typing import Any, Final

from services.complaints.cases.access import within_reach
from services.complaints.cases.assignment_commands import cases_away_from
from services.complaints.officers import commands as officers
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, check_not_away, obstacle
from services.complaints.penalties import steps
from services.complaints.penalties.documents import Penalty
from shared.callers import Caller
from shared.errors import Conflict, NotFound
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction

INVESTIGATING: Final = ("concluded", "extension_asked", "evidence_added", "monitoring_recorded", "recused")
"""Steps of an investigation, which a request that an officer stay away does not stop, and the officer's own word that they do."""


async def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on the penalties that a caller sees: an enterprise's own that it was told of, but none on a person, or those of an
    officer's district, but what is for another circle, or what they stay away from."""
    if caller.role == "platform":
        return {"enterprise": caller.uscc, "notice": {"$ne": None}, "person": None}
    officer = await officers.registered(caller)
    own = {"department": officer.department, "away": {"$ne": officer.id}}
    away = await cases_away_from(officer)
    return within_reach(officer) | own | ({"case_id": {"$nin": away}} if away else {})


async def penalty_of(penalty_id: str, caller: Caller, tx: Transaction | None = None) -> Penalty:
    """A penalty that the caller sees; any other is not found. Raises Forbidden for an officer who stays away, from it or from the case
    behind it."""
    penalty = await Penalty.of(penalty_id, tx)
    if penalty is None or not await _may_see(penalty, caller, tx):
        raise NotFound("该行政处罚", "the penalty")
    if caller.role == "officer":
        case = await steps.case_behind(penalty, tx)
        if case is not None:
            penalty.away = list(dict.fromkeys([*penalty.away, *case.away]))
        check_not_away(caller.subject, penalty.away)
    return penalty


async def own_penalty(penalty_id: str, platform: Caller, seen: int, tx: Transaction) -> Penalty:
    """An enterprise's own penalty, as it read it."""
    penalty = await penalty_of(penalty_id, platform, tx)
    require_revision(seen, penalty.revision)
    return penalty


async def penalty_in_hand(
    penalty_id: str, caller: Caller, duty: Duty | None, seen: int | None, tx: Transaction
) -> tuple[Penalty, Officer]:
    """A penalty that an officer acts on, as they read it, and the officer."""
    penalty = await penalty_of(penalty_id, caller, tx)
    officer = await officers.on_duty(caller, duty, steps.matter_of(penalty), tx)
    if seen is not None:
        require_revision(seen, penalty.revision)
    return penalty, officer


def check_not_standing_back(officer: Officer, penalty: Penalty, step: str) -> None:
    """Raise Conflict for an officer of whom it is asked that they stay away, and who would do more than investigate: that goes on
    until it is decided (行政处罚法 art. 43)."""
    if officer.id in penalty.standing_back and step not in INVESTIGATING:
        raise Conflict(
            "stands-back",
            "当事人已申请您回避，决定作出前仅可继续调查",
            "it is asked that this officer stay away: until it is decided they investigate, and no more",
        )


async def _may_see(penalty: Penalty, caller: Caller, tx: Transaction | None) -> bool:
    if caller.role == "platform":
        return penalty.enterprise == caller.uscc and penalty.notice is not None and penalty.person is None
    officer = await officers.registered(caller, tx)
    return obstacle(officer.person, steps.matter_of(penalty), None) is None
