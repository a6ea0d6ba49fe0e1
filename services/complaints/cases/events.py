"""What complaints publishes of a case. The text of a complaint never travels."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from services.complaints.cases.documents import Case
from services.complaints.cases.rules import Step
from shared.contracts.complaints import CaseAccepted, CaseDeadlineMissed, CaseOpened, Category


class _CaseFields(TypedDict):
    """The fields of every event on a case."""

    case_id: str
    number: str
    worker_id: str
    platform: str | None
    category: Category
    district: str
    departments: tuple[str, ...]
    lead_department: str


def opened(case: Case) -> CaseOpened:
    return CaseOpened(**_fields(case), accept_by=case.accept_by)


def accepted(case: Case, decide_by: dt.date) -> CaseAccepted:
    return CaseAccepted(**_fields(case), decide_by=decide_by)


def deadline_missed(case: Case, step: Step, due_on: dt.date) -> CaseDeadlineMissed:
    return CaseDeadlineMissed(**_fields(case), step=step, due_on=due_on)


def _fields(case: Case) -> _CaseFields:
    return {
        "case_id": case.id,
        "number": case.number,
        "worker_id": case.worker_id,
        "platform": case.platform,
        "category": case.category,
        "district": case.district,
        "departments": tuple(case.departments),
        "lead_department": case.lead_department,
    }
