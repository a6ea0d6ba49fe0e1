"""Bills and declarations as this service tells of them."""

from __future__ import annotations

from services.insurance.tax import commands
from shared.contracts.base import CloudEvent
from shared.contracts.insurance import BillIssued, BillPaid, DuesDeclared, DuesMonthOverdue
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "insurance.tax"


@consumes(BillIssued, group=GROUP)
async def on_bill_issued(event: CloudEvent[BillIssued], tx: Transaction) -> None:
    await commands.follow_bill(event.data, tx)


@consumes(BillPaid, group=GROUP)
async def on_bill_paid(event: CloudEvent[BillPaid], tx: Transaction) -> None:
    if event.data.outlet is not None:
        await commands.follow_outlet_bill(event.data.bill_id, tx)


@consumes(DuesDeclared, group=GROUP)
async def on_month_declared(event: CloudEvent[DuesDeclared], tx: Transaction) -> None:
    await commands.follow_declaration(event.data, tx)


@consumes(DuesMonthOverdue, group=GROUP)
async def on_month_deemed(event: CloudEvent[DuesMonthOverdue], tx: Transaction) -> None:
    await commands.follow_deemed(event.data, tx)
