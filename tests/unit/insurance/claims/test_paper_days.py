"""Until when papers are handed in, reckoned anew by the days off that are published now."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any, cast

from services.insurance.claims import deadlines
from services.insurance.claims.documents import Claim
from services.insurance.claims.step_documents import Clock, Still
from shared.policy import calendar
from shared.policy.parameters import parameters

ASKED = dt.date(2026, 12, 28)


class Kept:
    """A transaction that holds one claim."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim

    async def get(self, *_: Any) -> Claim:
        return self.claim

    def put(self, *_: Any) -> None: ...
    def schedule(self, *_: Any) -> None: ...
    def cancel(self, *_: Any) -> None: ...


def test_days_for_papers_move_back_too() -> None:
    """From the day on which they were asked for, whatever the last day was set to."""
    last = calendar.add_days(ASKED, parameters.on(ASKED, place="510603").days("claims.supplement_days")).due
    wrong = last + dt.timedelta(days=3)
    clock = Clock(
        start=dt.date(2026, 12, 21), days=15, workdays=None, stills=[Still(first=ASKED + dt.timedelta(days=1))]
    )
    claim = Claim.model_construct(id="c", district="510603", due={"supplement": wrong}, clock=clock)
    row = {"_id": "c", "due": {"supplement": dt.datetime.combine(wrong, dt.time(), dt.UTC)}}
    [(_, kept)] = deadlines._steps(row)
    asyncio.run(deadlines.recalculate("c", "supplement", kept, cast(Any, Kept(claim))))
    assert claim.due == {"supplement": last}
