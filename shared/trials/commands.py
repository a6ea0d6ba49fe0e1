"""Ask for a trial, and take it forward a step at a time."""

from __future__ import annotations

from collections.abc import Sequence

from shared import clock
from shared.errors import RuleBroken
from shared.policy import drafts
from shared.policy.calendar import month_of, shanghai_date
from shared.policy.parameters import as_text, parameters
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction
from shared.trials.documents import DraftRow, Trial
from shared.trials.results import TrialResult, result
from shared.trials.stages import Course, Stage, advance, trying
from shared.trials.tally import Tally


async def ask(kind: TimerKind[None], draft: str, month: str, by: str, tx: Transaction) -> Trial:
    """Have a draft tried on a month; raises RuleBroken where the draft is refused, or the month is to come."""
    if month > month_of(clock.now()):
        raise RuleBroken("month-to-come", "该月份尚未到来", "the month has not begun")
    trying(draft, month)
    rows = [
        DraftRow(key=key, scope=str(row.scope), value=None if row.value is None else as_text(row.value))
        for key, row in drafts.rows(draft, parameters)
    ]
    trial = Trial(month=month, draft=draft, by=by, rows=rows)
    tx.schedule(kind, trial.id, clock.now())
    return await trial.put(tx)


async def step(trial_id: str, stages: Sequence[Stage]) -> Trial | None:
    """Reckon the next facts of a trial, which is not stored yet; None where it has come to its end."""
    trial = await Trial.of(trial_id)
    if trial is None or trial.state != "working":
        return None
    course = Course(trial.stage, trial.after, Tally(trial.tally))
    try:
        found = trying(trial.draft, trial.month)
    except RuleBroken:
        trial.state = "refused"
        return trial
    try:
        more = await advance(course, stages, found)
    except ArithmeticError:  # a fraction where a sum is read, days beyond the calendar: nothing can be reckoned by it
        trial.state = "refused"
        return trial
    trial.stage, trial.after, trial.tally = course.stage, course.after, course.tally.stored()
    if not more:
        trial.state, trial.result, trial.tally = "finished", outcome(course.tally), {}
    return trial


async def keep(kind: TimerKind[None], trial: Trial, tx: Transaction) -> None:
    """Store a step, and have the next one done."""
    if trial.state == "working":
        tx.schedule(kind, trial.id, clock.now())
    await trial.put(tx)


def outcome(tally: Tally) -> TrialResult:
    """What a trial has come to, by today's limit of small numbers (statistics.smallest_cell)."""
    law = parameters.on(shanghai_date(clock.now()))
    return result(tally, law.number("statistics.smallest_cell"), law.used)
