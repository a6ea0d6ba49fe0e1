"""Contract terms over HTTP."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.registry.contract_terms import commands, rules
from services.registry.contract_terms.rules import Contract, OpenReason, State
from services.registry.disclosure.access import Reader
from services.registry.disclosure.queries import engagement_for
from services.registry.engagements.documents import Engagement
from shared import clock
from shared.contracts.registry import Fault, PaperKind, PaperTerm
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used
from shared.web.etags import set_etag

router = APIRouter(prefix="/v1", tags=["contract terms 合同期限"])


class TermView(BaseModel):
    """A paper whose term is on file. `asked_fixed`: the worker asked for a fixed term."""

    paper_id: str
    kind: PaperKind
    number: str
    signed_on: dt.date
    term: PaperTerm = Field(description="fixed 固定期限, open 无固定期限, task 以完成一定工作任务为期限")
    starts_on: dt.date
    ends_on: dt.date | None = Field(description="last legal day of a fixed term")
    asked_fixed: bool


class OpenOwedView(BaseModel):
    """A contract without term was to be concluded and a fixed one was: double wage is owed from `since` on (劳动合同法 art. 14, 82).

    Whether the worker gave cause under art. 39 or 40 is for an officer to weigh.
    """

    reason: OpenReason = Field(description="two_fixed_terms: 连续订立二次固定期限; ten_years: 连续工作满十年")
    since: dt.date


class CompensationView(BaseModel):
    """What an end with the term owes (劳动合同法 art. 46, 47): `months` of the average wage of the last twelve months.

    Nothing is owed where the worker refused a renewal on the same or better terms; a wage above three times the local average, and
    then more than twelve years, do not count. Both are for a person to look at.
    """

    months: Decimal


class FaultView(BaseModel):
    """Something that a labour contract agrees against the law (劳动合同法 art. 19, 20, 58, 66, 70)."""

    paper_id: str
    fault: Fault = Field(
        description="probation_forbidden 不得约定试用期; probation_alone 仅约定试用期; probation_too_long 试用期过长; "
        "probation_again 重复约定试用期; probation_pay_low 试用期工资过低; dispatch_term_short 派遣合同不足二年; "
        "temporary_post_long 临时性岗位超过六个月"
    )
    agreed_until: dt.date | None
    allowed_until: dt.date | None = None
    limit_months: int | None = None
    pay: str | None = None
    least_pay: str | None = None
    earlier_agreement_id: str | None = None


class ContractTermsView(BaseModel):
    """How long the paper in force runs, and what follows. All of it is for the sides and an officer to weigh.

    `worked_on_from`: the first day of work after the term: the same terms go on until either side ends it (法释〔2020〕26号 art. 34).
    """

    engagement_id: str
    state: State = Field(
        description="none: no term on file; running; near (reminded); worked_on: over and the work goes on; over: the work has ended"
    )
    current: TermView | None
    terms: list[TermView]
    next_is_open: bool = Field(
        description="the next labour contract is one without term, unless the worker asks for a fixed one"
    )
    open_owed: OpenOwedView | None
    worked_on_from: dt.date | None
    compensation: CompensationView | None
    faults: list[FaultView] = Field(description="what the papers agree against the law; both sides were told")
    used: list[Used]


@router.get("/engagements/{engagement_id}/contract-terms")
async def read_contract_terms(engagement_id: str, caller: Reader, response: Response) -> ContractTermsView:
    """The terms of an engagement's papers and what follows from them; for its worker, platform, officers and unions.

    A term is said where a paper is put on file (`POST /v1/engagements/{id}/agreements`) or declared.
    """
    engagement = await engagement_for(engagement_id, caller, section="papers")
    set_etag(response, engagement.revision)
    return _view(engagement)


def _view(engagement: Engagement) -> ContractTermsView:
    contracts, contract = commands.contracts_of(engagement), commands.current(engagement)
    labour = contract is not None and contract.kind == "contract"
    law, today = commands.law_of(engagement), shanghai_date(clock.now())
    owed = rules.open_owed(contracts, engagement.started_on, law) if labour else None
    months = (
        rules.compensation(contract, engagement.started_on, engagement.ended_on, law)
        if contract is not None and not engagement.by_the_hour
        else None
    )
    return ContractTermsView(
        engagement_id=engagement.id,
        state=engagement.term.state,
        current=None if contract is None else _term(contract),
        terms=[_term(one) for one in sorted(contracts, key=lambda one: (one.starts_on, one.paper_id))],
        next_is_open=labour and rules.next_is_open(contracts, engagement.started_on, law),
        open_owed=None if owed is None else OpenOwedView(reason=owed.reason, since=owed.since),
        worked_on_from=None if contract is None else rules.worked_on_from(contract, engagement.ended_on, today),
        compensation=None if months is None else CompensationView(months=months),
        faults=[FaultView(paper_id=one.paper_id, **each) for one in engagement.faulty for each in one.faults],
        used=list(dict.fromkeys((*law.used, *(row for one in engagement.faulty for row in one.used)))),
    )


def _term(contract: Contract) -> TermView:
    return TermView(**{name: getattr(contract, name) for name in TermView.model_fields})
