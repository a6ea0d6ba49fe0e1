"""When a gateway is asked for a receipt that has not come, how often, and until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Self

from shared.policy.parameters import Law

LOOK: Final = dt.timedelta(minutes=5)
"""How often it is looked whether a receipt has not come, and how long the next batch waits while no gateway answers. Ours."""
AT_ONCE: Final = 100
"""Deliveries of one gateway that it is asked about in one batch."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a receipt is waited for before its gateway is asked, and after how long nobody knows."""

    first: dt.timedelta
    end: dt.timedelta

    @classmethod
    def of(cls, law: Law) -> Self:
        """As the parameters of a day say."""
        return cls(
            dt.timedelta(minutes=law.number("notifications.receipt_first_minutes")),
            dt.timedelta(hours=law.number("notifications.receipt_end_hours")),
        )


def next_ask(sent_at: dt.datetime, now: dt.datetime, patience: Patience, *, answered: bool) -> dt.datetime | None:
    """When to ask again about a message whose gateway could not say what became of it; None where nobody knows for good.

    Each time it is twice as old, and at the last time as old as the end says. A gateway that did not even answer is asked again
    soon, and has twice as long: what a database that was brought back from a backup still waits for may be old.
    """
    age = now - sent_at
    if age >= (patience.end if answered else 2 * patience.end):
        return None
    if not answered:
        return now + patience.first
    return sent_at + min(2 * max(age, patience.first), patience.end)
