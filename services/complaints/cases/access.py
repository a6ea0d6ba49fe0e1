"""Who may see a case, and who decides on it."""

from __future__ import annotations

from typing import Any

from services.complaints.cases.documents import Case
from shared.web.auth import Caller
from shared.web.scope import HRSS, reach


def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on cases that a caller may see: a worker's own; in an officer's district those that were routed to the
    department, and for the labour department all of them."""
    seen = reach(caller, worker="worker_id", district="district")
    return seen if caller.role == "worker" or caller.department == HRSS else {**seen, "departments": caller.department}


def may_see(case: Case, caller: Caller) -> bool:
    if caller.role == "worker":
        return case.worker_id == caller.worker_id
    return caller.reaches(case.district) and caller.department in (HRSS, *case.departments)


def may_decide(case: Case, officer: Caller) -> bool:
    """Whether an officer's department takes the case up or refuses it: the one that leads on it, or the labour department."""
    return officer.department in (HRSS, case.lead_department)
