"""Cases as HTTP shows them: to whoever reported, and to officers. The enterprise sees none of this."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

from fastapi import Response
from pydantic import BaseModel

from services.complaints.cases.documents import NOTE, OPINION, Case, clear
from services.complaints.cases.rules import OVER, Channel, Dispute, Kind, Move, Proposal, State, Step
from services.complaints.cases.tables import REPLIES
from services.complaints.procedures.documents import ClaimProcedures
from services.complaints.procedures.rules import BROUGHT, DISPUTES
from shared import clock
from shared.callers import Caller
from shared.contracts.complaints import Category, ClosingReason, RefusalGround
from shared.identity import regions
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used, parameters
from shared.web.etags import set_etag


class CaseView(BaseModel):
    """A case. `subject` is the heading of the article it rests on, `reply_zh` what is said of its state.

    Terms are the last legal day; `provisional`: one crosses a year whose days off are not published yet. `handler` is the
    officer in charge, for officers. `ending`: why it is closed.
    """

    case_id: str
    number: str
    kind: Kind
    channel: Channel
    confidential: bool
    state: State
    reply_zh: str
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
    due_on: dt.date | None
    overdue: bool
    provisional: bool
    missed: list[Step]
    ending: ClosingReason | None
    people: int
    handler: str | None


class HappeningView(BaseModel):
    """What happened to a case; `by` is for officers."""

    at: dt.datetime
    move: Move
    by: str | None
    note: str | None


class ProcedureView(BaseModel):
    """A procedure that has the same claim: a dispute before arbitration or a court, or in a mediation."""

    dispute_id: str | None
    stage: Literal["decided", "mediated"]


class CaseDetail(CaseView):
    """A case with its text, for whoever may read it; `article` is that of 德人社发〔2022〕95 号.

    `used` are the parameters that its departments and terms rest on. `worker_id` is the reader's own, or for officers that
    of a case that is not confidential. `proposed` is what the machine proposes to the officer, who decides.
    `asking`: who would join, for whoever agrees to it. `disputes`: where else the same is claimed, for officers, who are told
    of a confidential case alone that it is.
    """

    worker_id: str | None
    article: str
    text: str
    dispute: Dispute | None
    proposed: Proposal | None
    ground: RefusalGround | None
    refusal: str | None
    remedy_zh: str | None
    representatives: list[str]
    asking: list[str]
    links: list[str]
    disputes: list[ProcedureView]
    history: list[HappeningView]
    grade: int | None
    opinion: str | None
    used: list[Used]


class FollowUp(BaseModel):
    """What whoever has no token reads of a case by its code. `answer_zh`: where it went, or what is missing."""

    number: str
    state: State
    reply_zh: str
    accept_by: dt.date
    due_on: dt.date | None
    ground: RefusalGround | None
    refusal: str | None
    remedy_zh: str | None
    answer_zh: str | None


def view_of(case: Case, caller: Caller) -> CaseView:
    return CaseView(**_fields(case, caller))


def detail_of(case: Case, caller: Caller, procedures: Sequence[ClaimProcedures], links: Sequence[str]) -> CaseDetail:
    """A case as a caller reads it. `procedures`: where what it claims is; `links`: the cases linked to it that they see."""
    officer = caller.role == "officer"
    brought = case.state == "opened" and any(row.having(side) for row in procedures for side in BROUGHT)
    known = not case.confidential if officer else caller.worker_id == case.worker_id or caller.role == "union"
    return CaseDetail(
        **_fields(case, caller),
        worker_id=case.worker_id if known else None,
        article=case.article,
        text=case.clear_text,
        dispute=case.dispute,
        proposed=("to_dispute" if brought else case.proposed) if officer else None,
        ground=case.ground,
        refusal=case.clear_refusal,
        remedy_zh=_remedy(case),
        representatives=case.representatives if known else [],
        asking=case.asking if known or caller.worker_id in case.representatives else [],
        links=list(links),
        disputes=_disputes(case, procedures) if officer else [],
        history=[
            HappeningView(at=one.at, move=one.move, by=one.by if officer else None, note=clear(NOTE, case.id, one.note))
            for one in case.history
        ],
        grade=None if case.rating is None else case.rating.grade,
        opinion=None if case.rating is None else clear(OPINION, case.id, case.rating.opinion),
        used=case.used,
    )


def _disputes(case: Case, procedures: Sequence[ClaimProcedures]) -> list[ProcedureView]:
    stages = {
        one: "decided" if side == "disputes" else "mediated"
        for row in procedures
        for side in DISPUTES
        for one in row.having(side)
    }
    return [
        ProcedureView(dispute_id=None if case.protected else one, stage=stage) for one, stage in sorted(stages.items())
    ]


def created(case: Case, caller: Caller, response: Response) -> CaseView:
    """The answer to a case that was filed."""
    response.headers["Location"] = f"/v1/cases/{case.id}"
    return changed(case, caller, response)


def changed(case: Case, caller: Caller, response: Response) -> CaseView:
    """The answer to a change of a case, with its revision for the next one."""
    set_etag(response, case.revision)
    return view_of(case, caller)


def follow_up_of(case: Case) -> FollowUp:
    return FollowUp(
        **case.model_dump(include={"number", "state", "accept_by", "due_on", "ground"}),
        reply_zh=_reply(case),
        refusal=case.clear_refusal,
        remedy_zh=_remedy(case),
        answer_zh=_answer(case),
    )


def _answer(case: Case) -> str | None:
    """What the office wrote when it handed the case on or asked for what is missing, where that is how it stands."""
    move = {"transferred": "transfer", "returned": "return"}.get(case.state)
    notes = [one.note for one in case.history if one.move == move]
    return clear(NOTE, case.id, notes[-1]) if notes else None


def _reply(case: Case) -> str:
    return REPLIES.states[case.state] if case.ending is None else REPLIES.endings[case.ending]


def _remedy(case: Case) -> str | None:
    """The ways that are open after a refusal, and its remedies (行政复议法 art. 20; 行政诉讼法 art. 46)."""
    if case.ground is None or case.ended_on is None:
        return None
    law = parameters.on(case.ended_on, place=case.district)
    remedy = REPLIES.remedy.format(
        days=law.days("admin_review.apply_days"), months=law.number("admin_suit.apply_months")
    )
    return f"{REPLIES.grounds[case.ground]}{remedy}"


def _fields(case: Case, caller: Caller) -> dict[str, Any]:
    law = parameters.on(shanghai_date(case.created_at), place=case.district)
    own = {"case_id", "channel", "reply_zh", "subject", "district_name", "lead_department_name", "filed_at", "overdue"}
    return {
        **case.model_dump(include=set(CaseView.model_fields) - own - {"people", "handler"}),
        "case_id": case.id,
        "channel": case.reporter.channel,
        "reply_zh": _reply(case),
        "subject": law.text("duty.titles", case.article),
        "district_name": regions.name(case.district),
        "lead_department_name": law.text("departments.names", case.lead_department),
        "filed_at": case.created_at,
        "overdue": case.due_on is not None and case.state not in OVER and shanghai_date(clock.now()) > case.due_on,
        "people": len(case.people),
        "handler": case.handler if caller.role == "officer" else None,
    }
