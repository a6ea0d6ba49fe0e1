"""What runs from the service of a letter on a party, and what not. Pure; legal days.

Terms run from service on each party for itself, never from the day of the letter: 行政复议法 art. 20 and 行政诉讼法 art. 46 (from
when one knows of it), art. 45 (from receipt of the review's decision), 工伤保险条例 art. 26 (from receipt of the conclusion).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from shared.contracts.insurance import Side
from shared.policy import contesting
from shared.policy.parameters import Law, MissingParameter


class Dated(Protocol):
    """A service on a party, which counts from a day on."""

    @property
    def party(self) -> Side: ...
    @property
    def served_on(self) -> dt.date: ...
    @property
    def corrected(self) -> object | None: ...


S = TypeVar("S", bound=Dated)


def service_on(party: Side, served: Sequence[S]) -> S | None:
    """The service on a party that counts: the earliest that was not found wrong; None where there is none."""
    return min(
        (one for one in served if one.party == party and one.corrected is None),
        key=lambda one: one.served_on,
        default=None,
    )


@dataclass(frozen=True, slots=True)
class Silence:
    """What follows where a review is not decided: since when the party may sue, and until when (行政诉讼法 art. 45). `latest`: the
    last day where the review was prolonged, before which nobody is late."""

    over_on: dt.date
    sue_by: dt.date
    latest: dt.date


def silence(filed_on: dt.date, law: Law) -> Silence | None:
    """The terms of a review that was asked for on a day; None where a term is not known."""
    try:
        over_on = contesting.review_decided_by(filed_on, law)
        prolonged = contesting.review_decided_at_latest(filed_on, law)
        return Silence(over_on, contesting.sue_after_review(over_on, law), contesting.sue_after_review(prolonged, law))
    except MissingParameter:
        return None


def rights(law: Law) -> str | None:
    """What a decision letter says of contesting it; None where a term is not known (行政复议法 art. 20(3))."""
    try:
        days, months = law.days("admin_review.apply_days"), law.number("admin_suit.apply_months")
    except MissingParameter:
        return None
    return f"如不服本决定，可以自收到本决定书之日起{days}日内申请行政复议，或者{months}个月内向人民法院提起行政诉讼。"
