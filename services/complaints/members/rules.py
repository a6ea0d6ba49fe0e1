"""Who is a member on a day."""

from __future__ import annotations

import datetime as dt


def is_member(since: dt.date | None, until: dt.date | None, day: dt.date) -> bool:
    """Whether a membership from one legal day to another, both included, holds on a day; None is not known, or goes on."""
    return since is not None and since <= day and (until is None or day <= until)
