"""How an order to put right ends, and the timers of its term."""

from __future__ import annotations

import datetime as dt

from services.complaints.directives import events
from services.complaints.directives.documents import Directive
from services.complaints.terms import commands as terms
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

DUE = TimerKind("complaints.directive_due")
NEAR = TimerKind("complaints.directive_near")
"""The timers at the end of an order's term, and before it."""


async def close(directive: Directive, outcome: events.Outcome, tx: Transaction) -> None:
    """End everything that runs for an order; of one that was served it is told."""
    tx.cancel(DUE, directive.id)
    tx.cancel(NEAR, directive.id)
    await terms.end("directive", directive.id, tx)
    if directive.due_on is not None:
        tx.publish(events.closed(directive, outcome))


def today() -> dt.date:
    return shanghai_date(clock.now())
