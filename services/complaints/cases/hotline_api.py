"""What a hotline hears of the cases that it handed over, for the officers who answer it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.complaints.cases import rules
from services.complaints.cases.access import seen_by
from services.complaints.cases.body import Handler
from services.complaints.cases.documents import Case
from services.complaints.cases.filing_api import HOTLINES
from services.complaints.cases.rules import State
from services.complaints.terms.documents import Term
from shared.contracts.complaints import CaseOutcome, ClosingReason, RefusalGround
from shared.storage.records import find
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["cases 投诉举报"])

Asked = Annotated[str, Query(pattern=HOTLINES, description="the hotline that handed over")]
AskedNumber = Annotated[str | None, Query(max_length=60, description="one number of the hotline, as it was given")]


class HandedOver(BaseModel):
    """A call that became a case, and what came of that: nothing of who called. Of a case in confidence, or of one for a circle of
    officers, only whether it is dealt with (劳动保障监察条例 art. 9). `answer_by`: until when the hotline wants it settled."""

    line: str
    call_number: str
    called_at: dt.datetime
    dealt_with: bool
    case_id: str | None = None
    number: str | None = None
    state: State | None = None
    ending: ClosingReason | None = None
    outcome: CaseOutcome | None = None
    ground: RefusalGround | None = None
    accept_by: dt.date | None = None
    decide_by: dt.date | None = None
    answer_by: dt.date | None = None
    ended_on: dt.date | None = None


@router.get("/hotline-cases")
async def list_hotline_cases(
    officer: Handler, page: PageAsked, line: Asked, number: AskedNumber = None
) -> Page[HandedOver]:
    """Cases that a hotline handed over, the newest first, as far as the officer sees cases: what the hotline is told of them."""
    wanted = {"reporter.hotline.line": line} | ({} if number is None else {"reporter.hotline.number": number})
    found = await Page.of(Case, wanted | await seen_by(officer), _of, page, sort="-_id")
    ids = [one.case_id for one in found.items if one.case_id is not None]
    terms = await find(Term, {"matter_kind": "case", "matter_id": {"$in": ids}, "step": "hotline"}) if ids else []
    due = {term.matter_id: term.due for term in terms}
    for one in found.items:
        one.answer_by = due.get(one.case_id or "")
    return found


def _of(case: Case) -> HandedOver:
    call = case.reporter.hotline
    assert call is not None, "a case that a hotline handed over"
    told = HandedOver(
        line=call.line, call_number=call.number, called_at=call.called_at, dealt_with=case.state in rules.OVER
    )
    if case.confidential or case.circle is not None:
        return told
    return told.model_copy(
        update={
            "case_id": case.id,
            "number": case.number,
            "state": case.state,
            "ending": case.ending,
            "outcome": case.outcome,
            "ground": case.ground,
            "accept_by": case.accept_by,
            "decide_by": case.decide_by,
            "ended_on": case.ended_on,
        }
    )
