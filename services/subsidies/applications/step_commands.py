"""Take a step with an application: its state, by whom and why, and the parameters that it rested on."""

from __future__ import annotations

from collections.abc import Sequence

from services.subsidies.applications import rules
from services.subsidies.applications.documents import TEXT, Application, Step, count, encrypted
from services.subsidies.applications.rules import Move
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Law, parameters
from shared.storage.transaction import Transaction


def move(application: Application, step: Move, by: str, note: str | None = None) -> None:
    """Take a step, and keep by whom and why."""
    application.state = rules.STATES.next(application.state, step)
    kept = None if note is None else encrypted(TEXT, application.id, note)
    application.steps = [*application.steps, Step(at=clock.now(), move=step, by=by, note=kept)]


async def store(application: Application, tx: Transaction) -> Application:
    """Store an application, counted by its state."""
    count(application, tx)
    return await application.put(tx)


def law_of(application: Application) -> Law:
    """Today's law where the application belongs, for how it is dealt with."""
    return parameters.on(shanghai_date(clock.now()), place=application.district)


def let_contest(application: Application, officers: Sequence[str]) -> None:
    """These officers have decided today, for the first time or anew: that is contested from its service on the applicant on."""
    application.decided_by = list(officers)
    application.letter_on, application.review_received_on = shanghai_date(clock.now()), None


def keep_used(application: Application, law: Law) -> None:
    """Keep the parameters that a step rested on."""
    application.used = list(dict.fromkeys([*application.used, *law.used]))
