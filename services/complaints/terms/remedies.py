"""Until when an administrative decision is contested."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shared.policy import contesting
from shared.policy.parameters import Law


@dataclass(frozen=True, slots=True)
class Remedies:
    """Until when a decision is contested: before the reviewing authority, and in court (行政复议法 art. 20; 行政诉讼法 art. 46)."""

    review_by: dt.date
    sue_by: dt.date


def remedies(served_on: dt.date, law: Law) -> Remedies:
    return Remedies(
        review_by=contesting.review_by(served_on, law),
        sue_by=contesting.sue_by(served_on, law),
    )
