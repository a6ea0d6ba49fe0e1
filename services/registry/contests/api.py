"""Contested footings, and ends told wrongly, over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from services.registry.contests import commands as decisions
from services.registry.contests.documents import GROUNDS, REASONS, FootingContest
from services.registry.contests.rules import State
from services.registry.disclosure.access import Reader
from services.registry.disclosure.queries import engagement_for
from services.registry.engagements.views import EngagementView, view_of
from shared.callers import Caller
from shared.contracts.platform import Relation
from shared.storage.encryption import decrypt_field
from shared.storage.transaction import transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers, reach

router = APIRouter(prefix="/v1", tags=["footings 用工关系认定"], route_class=IdempotentRoute)

FootingOfficer = Annotated[Caller, callers(article=2, district="document")]
Bureau = Annotated[Caller, callers(departments=[HRSS], district="document")]

Text = Annotated[str, Field(min_length=1, max_length=5000)]


class ContestToRaise(BaseModel):
    """What the footing is said to be. `grounds` is kept encrypted, and shown to the labour department and to whoever wrote it."""

    claimed: Relation = Field(description="employment 劳动关系, partial 不完全符合劳动关系, self_employed 自主经营")
    since: dt.date = Field(description="the first legal day (Asia/Shanghai) from which it is said to hold")
    grounds: Text = Field(description="how the work is really done: rules, direction, pay, attendance")


class DecisionToTake(BaseModel):
    """What the officer found. `relation` and `effective_on` go with `changed`."""

    outcome: Literal["upheld", "changed"] = Field(description="upheld: the footing stays; changed: it is another one")
    relation: Relation | None = None
    effective_on: dt.date | None = Field(default=None, description="the first legal day of the new footing")
    reasons: Text


class VerdictView(BaseModel):
    """How a contest ended; `relation` is the footing since then, `effective_on` the first day of a changed one."""

    relation: Relation
    effective_on: dt.date | None
    reasons: str | None
    at: dt.datetime


class ContestView(BaseModel):
    """A contest of an engagement's footing. `grounds` is null for readers who neither decide nor wrote it."""

    contest_id: str
    engagement_id: str
    platform: str
    district: str
    raised_by: Literal["worker", "platform", "officer", "union"]
    raised_at: dt.datetime
    claimed: Relation
    since: dt.date
    grounds: str | None
    state: State
    verdict: VerdictView | None


class EndToWithdraw(BaseModel):
    """Why an end that was told is taken back."""

    reason: Annotated[str, Field(min_length=1, max_length=500, description="how it is known that the end is wrong")]


@router.post("/engagements/{engagement_id}/footing-contests", status_code=201)
async def raise_contest(engagement_id: str, body: ContestToRaise, caller: Reader, response: Response) -> ContestView:
    """Contest an engagement's footing: its worker, its platform, an officer of its district, or a union for the worker.

    Nothing changes until an officer of the labour department has decided. Each side has one open contest at a time (409).
    """
    claim = decisions.Claim(**body.model_dump())
    contest = await transact(lambda tx: decisions.raise_contest(engagement_id, claim, caller, tx))
    response.headers["Location"] = f"/v1/footing-contests/{contest.id}"
    set_etag(response, contest.revision)
    return _view(contest, caller)


@router.get("/engagements/{engagement_id}/footing-contests")
async def list_contests_of(engagement_id: str, caller: Reader) -> list[ContestView]:
    """Every contest of one engagement's footing, the oldest first."""
    engagement = await engagement_for(engagement_id, caller)
    found = await FootingContest.find({"engagement_id": engagement.id}).sort("+_id").to_list()
    return [_view(contest, caller) for contest in found]


@router.get("/footing-contests")
async def list_contests(
    officer: FootingOfficer,
    page: PageAsked,
    state: Annotated[State, Query(description="only those that stand so")] = "open",
) -> Page[ContestView]:
    """The contests of an officer's district that stand in a state, the oldest first."""
    wanted = {"state": state, **reach(officer, district="district")}
    return await Page.of(FootingContest, wanted, lambda contest: _view(contest, officer), page)


@router.get("/footing-contests/{contest_id}")
async def read_contest(contest_id: str, caller: Reader, response: Response) -> ContestView:
    """One contest, for both sides, unions and officers of its district. Its `ETag` goes with a decision."""
    contest, _ = await decisions.contest_for(contest_id, caller)
    set_etag(response, contest.revision)
    return _view(contest, caller)


@router.put("/footing-contests/{contest_id}/decision")
async def decide_contest(
    contest_id: str, body: DecisionToTake, officer: Bureau, seen: RevisionSeen, response: Response
) -> ContestView:
    """Decide a contest, as an officer of the labour department in the engagement's district (`If-Match`).

    A changed footing holds from `effective_on` on; what the platform declares later counts only for the days before.
    """
    found = decisions.Decision(**body.model_dump())
    contest = await transact(lambda tx: decisions.decide(contest_id, found, officer, seen, tx))
    set_etag(response, contest.revision)
    return _view(contest, officer)


@router.put("/footing-contests/{contest_id}/withdrawal")
async def withdraw_contest(contest_id: str, caller: Reader, seen: RevisionSeen, response: Response) -> ContestView:
    """Take a contest back, by whoever raised it (`If-Match`)."""
    contest = await transact(lambda tx: decisions.withdraw(contest_id, caller, seen, tx))
    set_etag(response, contest.revision)
    return _view(contest, caller)


@router.post("/engagements/{engagement_id}/end-withdrawals", status_code=201)
async def withdraw_end(
    engagement_id: str, body: EndToWithdraw, officer: Bureau, seen: RevisionSeen, response: Response
) -> EngagementView:
    """Take back an end that the platform told wrongly, as an officer of the labour department (`If-Match`).

    Every engagement of that account which it ended stands again as the safety gate, or another end that was told, says.
    The same end told once more does not count, unless the platform tells it after the withdrawal.
    """
    engagement = await transact(lambda tx: decisions.withdraw_end(engagement_id, body.reason, officer, seen, tx))
    set_etag(response, engagement.revision)
    return view_of(engagement)


def _view(contest: FootingContest, caller: Caller) -> ContestView:
    verdict = contest.verdict
    shown = caller.is_officer_of(HRSS) or contest.subject == caller.subject
    return ContestView(
        contest_id=contest.id,
        raised_at=contest.created_at,
        grounds=decrypt_field(GROUNDS, contest.id, contest.grounds) if shown else None,
        verdict=verdict
        and VerdictView(
            relation=verdict.relation,
            effective_on=verdict.effective_on,
            reasons=verdict.reasons and decrypt_field(REASONS, contest.id, verdict.reasons),
            at=verdict.at,
        ),
        **contest.model_dump(include={*ContestView.model_fields} - {"grounds", "verdict"}),
    )
