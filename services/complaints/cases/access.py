"""Which cases a caller sees, and on which of them an officer decides."""

from __future__ import annotations

from typing import Any

from services.complaints.cases.documents import Case
from shared.callers import Caller
from shared.errors import Forbidden, NotFound
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction
from shared.web.scope import HRSS, reach


def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on cases that a caller may see: a worker's own; in an officer's district those that were routed to the
    department, and for the labour department all of them."""
    seen = reach(caller, worker="worker_id", district="district")
    return seen if caller.role == "worker" or caller.is_officer_of(HRSS) else {**seen, "departments": caller.department}


async def case_for_reading(case_id: str, caller: Caller, tx: Transaction | None = None) -> Case:
    """A case that the caller may see; any other is not found."""
    case = await Case.of(case_id, tx)
    if case is None or not _may_see(case, caller):
        raise NotFound("该投诉", "the case")
    return case


async def case_for_decision(case_id: str, officer: Caller, seen: int | None, tx: Transaction) -> Case:
    """A case that the officer may take up or refuse: of the department that leads on it, or of the labour department.

    `seen` is the revision that the officer read, where they named one.
    """
    case = await case_for_reading(case_id, officer, tx)
    if not officer.is_officer_of(HRSS, case.lead_department):
        raise Forbidden("由该投诉的主办部门办理", "this is for the department that leads on the case")
    if seen is not None:
        require_revision(seen, case.revision)
    return case


def _may_see(case: Case, caller: Caller) -> bool:
    if caller.role == "worker":
        return case.worker_id == caller.worker_id
    return caller.reaches(case.district) and caller.is_officer_of(HRSS, *case.departments)
