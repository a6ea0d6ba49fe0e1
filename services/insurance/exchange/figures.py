"""What the exchange shows of itself to whoever runs the service."""

from __future__ import annotations

from prometheus_client import Gauge

from services.insurance.differences.documents import Difference
from services.insurance.exchange.commands import PULLED
from services.insurance.exchange.documents import Pull, Reconciliation
from shared import clock

OPEN = Gauge(
    "xindun_insurance_differences_open",
    "Differences from the province that wait for an officer. Growing: nobody settles them, or the province changed something.",
)
RECONCILED = Gauge(
    "xindun_insurance_reconciled_seconds",
    "When enrolments were last compared with the province's, in Unix time. Over a day ago: the province does not answer.",
)
LOOKED_AT = 31
"""The comparisons, a day each, among which the last finished one is looked for."""


async def measure() -> None:
    """Measure how the comparison with the province stands. Before the first one it counts from the service's first start."""
    OPEN.set(await Difference.find(Difference.state == "open").count())
    latest = await Reconciliation.find().sort("-_id").limit(LOOKED_AT).to_list()
    finished = [one.finished_at for one in latest if one.finished_at is not None]
    if finished:
        RECONCILED.set(max(finished).timestamp())
    else:
        first = await Pull.of(PULLED)
        RECONCILED.set((first.created_at if first else clock.now()).timestamp())
