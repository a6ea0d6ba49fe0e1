"""The last day of a safety training is over, one that was dated ahead has come, or an officer has decided of a course: whether
persons may work is decided anew, on every platform."""

from __future__ import annotations

from services.registry.courses.commands import LOOK_AGAIN, Pass
from services.registry.engagements.documents import Engagement
from services.registry.intake.commands import look_at_course, reassess
from services.registry.safety import commands as safety
from shared import clock
from shared.messaging.timers import Due, timer
from shared.policy.calendar import end_of_day
from shared.storage.transaction import Transaction


@timer(safety.LAPSE)
async def on_last_day_over(due: Due[safety.LastDay], tx: Transaction) -> None:
    last = due.payload.valid_to
    worker_id = await safety.lapse(due.key, last, tx)
    if worker_id is not None:
        await reassess(worker_id, end_of_day(last), tx)


@timer(safety.BEGIN)
async def on_training_counts(due: Due[None], tx: Transaction) -> None:
    engagement = await Engagement.of(due.key, tx)
    if engagement is not None and engagement.ended_on is None:
        await reassess(engagement.worker_id, clock.now(), tx)


@timer(LOOK_AGAIN)
async def on_course_decided(due: Due[Pass], tx: Transaction) -> None:
    await look_at_course(due.key, due.payload, tx)
