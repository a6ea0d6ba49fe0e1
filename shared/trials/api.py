"""Trials over HTTP: an officer of the city's labour bureau hands a draft in, and reads how far it is and what came out."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field

from shared.callers import Caller
from shared.errors import NotFound
from shared.policy import drafts
from shared.storage.audit import write_down
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact
from shared.trials import commands
from shared.trials.documents import DraftRow, Trial
from shared.trials.results import TrialResult
from shared.trials.stages import Stage
from shared.web.fields import Month
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers

CityBureau = Annotated[Caller, callers(departments=[HRSS])]


class TrialToAsk(BaseModel):
    """A draft to be tried on a recorded month. `parameters`: YAML, rows by the key of their parameter."""

    month: Month
    parameters: str = Field(min_length=1, max_length=drafts.LONGEST)


class TrialProgress(BaseModel):
    """How far a trial is: stages that are done, of how many, the one under way, and how many facts were reckoned again."""

    done: int
    stages: int
    stage: str | None
    facts: int


class TrialView(BaseModel):
    """A trial. `result` is null until it is finished."""

    trial_id: str
    month: str
    by: str
    state: Literal["working", "finished", "refused"]
    progress: TrialProgress
    draft: list[DraftRow]
    result: TrialResult | None


def trial_router(kind: TimerKind[None], stages: tuple[Stage, ...]) -> APIRouter:
    """The routes of a service that tries drafts by these stages."""
    router = APIRouter(prefix="/v1", tags=["trials 试算"], route_class=IdempotentRoute)

    def view(trial: Trial) -> TrialView:
        done = trial.stage < len(stages)
        facts = trial.result.facts if trial.result else trial.tally.get("facts", 0)
        return TrialView(
            trial_id=trial.id,
            month=trial.month,
            by=trial.by,
            state=trial.state,
            progress=TrialProgress(
                done=trial.stage, stages=len(stages), stage=stages[trial.stage].name if done else None, facts=facts
            ),
            draft=trial.rows,
            result=trial.result,
        )

    @router.post("/trials", status_code=status.HTTP_202_ACCEPTED)
    async def ask_trial(body: TrialToAsk, officer: CityBureau, response: Response) -> TrialView:
        """Reckon a recorded month again under draft parameters, beside those in force; nothing is stored but the result."""

        async def work(tx: Transaction) -> Trial:
            trial = await commands.ask(kind, body.parameters, body.month, officer.subject, tx)
            await write_down("trial.asked", trial.id, officer, tx)
            return trial

        trial = await transact(work)
        response.headers["location"] = f"/v1/trials/{trial.id}"
        return view(trial)

    @router.get("/trials")
    async def list_trials(officer: CityBureau, page: PageAsked) -> Page[TrialView]:
        """Trials of the last year, the latest first."""
        return await Page.of(Trial, {}, view, page, sort="-_id")

    @router.get("/trials/{trial_id}")
    async def read_trial(trial_id: str, officer: CityBureau) -> TrialView:
        """How far a trial is, and what came out."""
        trial = await Trial.of(trial_id)
        if trial is None:
            raise NotFound("该试算", "the trial")
        return view(trial)

    return router
