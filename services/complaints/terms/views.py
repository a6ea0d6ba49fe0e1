"""Terms as HTTP shows them."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.complaints.terms.documents import Term, clear_reason
from services.complaints.terms.rules import State
from shared.policy.parameters import Used


class StopView(BaseModel):
    """Days on which the clock stood still, both included, and why."""

    first: dt.date
    last: dt.date | None
    reason: str


class TermView(BaseModel):
    """Until when a step is due. `provisional`: the days off of a year in it are not published yet."""

    step: str
    rests_on: str
    begun_on: dt.date
    due: dt.date
    provisional: bool
    calendar: str
    state: State
    met_on: dt.date | None
    breached_at: dt.datetime | None
    stops: list[StopView]
    extended_by: int | None
    extension_approved_by: str | None
    used: list[Used]


def view_of(term: Term) -> TermView:
    return TermView(
        **term.model_dump(include={*TermView.model_fields} - {"stops"}),
        stops=[StopView(first=one.first, last=one.last, reason=clear_reason(term, one.reason)) for one in term.stops],
        extended_by=None if term.extension is None else term.extension.count,
        extension_approved_by=None if term.extension is None else term.extension.approved_by,
    )
