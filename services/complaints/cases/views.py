"""Cases as HTTP shows them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel

from services.complaints.cases.documents import Case
from services.complaints.cases.rules import State, Step
from shared.contracts.complaints import Category
from shared.identity import regions
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used, parameters


class CaseView(BaseModel):
    """A case. `subject` is the heading of the article it rests on.

    Terms are the last legal day; `provisional`: one crosses a year whose days off are not published yet.
    """

    case_id: str
    number: str
    state: State
    category: Category
    subject: str
    platform: str | None
    district: str
    district_name: str
    departments: list[str]
    lead_department: str
    lead_department_name: str
    occurred_on: dt.date
    continuing: bool
    filed_at: dt.datetime
    accept_by: dt.date
    decide_by: dt.date | None
    provisional: bool
    missed: list[Step]


class CaseDetail(CaseView):
    """A case with its text, for whoever may read it; `article` is that of 德人社发〔2022〕95 号.

    `used` are the parameters that its departments and terms rest on.
    """

    worker_id: str
    article: str
    text: str
    refusal: str | None
    used: list[Used]


def view_of(case: Case) -> CaseView:
    return CaseView(**_fields(case))


def detail_of(case: Case) -> CaseDetail:
    return CaseDetail(
        **_fields(case),
        worker_id=case.worker_id,
        article=case.article,
        text=case.clear_text,
        refusal=case.clear_refusal,
        used=case.used,
    )


def _fields(case: Case) -> dict[str, Any]:
    law = parameters.on(shanghai_date(case.created_at), place=case.district)
    return {
        **case.model_dump(include=set(CaseView.model_fields)),
        "case_id": case.id,
        "subject": law.text("duty.titles", case.article),
        "district_name": regions.name(case.district),
        "lead_department_name": law.text("departments.names", case.lead_department),
        "filed_at": case.created_at,
    }
