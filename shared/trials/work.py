"""Trials as outside work of a service."""

from __future__ import annotations

from collections.abc import Sequence

from shared.messaging.timers import Due, Work, work
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction
from shared.trials import commands
from shared.trials.documents import Trial
from shared.trials.stages import Stage


def trial_work(kind: TimerKind[None], stages: Sequence[Stage]) -> Work[None, Trial]:
    """The work that takes a service's trials forward."""

    @work(kind, seconds=50, lane="trials")
    async def take_step(due: Due[None]) -> Trial | None:
        return await commands.step(due.key, stages)

    @take_step.store
    async def stored(due: Due[None], trial: Trial, tx: Transaction) -> None:
        await commands.keep(kind, trial, tx)

    return take_step
