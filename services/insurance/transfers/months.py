"""How many months of an insurance a person has: paid in the city, and transferred in."""

from __future__ import annotations

from services.insurance.contributions import commands as contributions
from services.insurance.transfers import rules
from services.insurance.transfers.documents import Transfer
from services.insurance.transfers.rules import Moved
from shared.contracts.insurance import Insurance
from shared.policy import calendar
from shared.storage.records import find
from shared.storage.transaction import Transaction


async def months_of(worker_id: str, insurance: Insurance, tx: Transaction | None = None) -> int:
    """For how many months a person is insured here."""
    return rules.months(
        await contributions.paid_months(worker_id, insurance, tx), (await moved_of(worker_id, tx)).get(insurance, [])
    )


async def moved_of(worker_id: str, tx: Transaction | None = None) -> dict[Insurance, list[Moved]]:
    """What was transferred of a person, by insurance, in the order in which it was asked for: one moves after the other."""
    moved: dict[Insurance, list[Moved]] = {}
    for one in sorted(await find(Transfer, {"worker_id": worker_id}, tx), key=lambda one: one.id):
        if one.state == "completed":
            on = one.completed_on or calendar.shanghai_date(one.updated_at)  # transfers of the past do not say the day
            moved.setdefault(one.insurance, []).append(Moved(one.direction, on, one.months or 0))
    return moved
