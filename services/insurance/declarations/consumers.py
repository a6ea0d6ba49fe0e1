"""Declarations as employers push them, and those who are insured as somebody's employees."""

from __future__ import annotations

from services.insurance.declarations import push_commands
from shared.contracts.base import CloudEvent
from shared.contracts.insurance import EnrolmentOpened
from shared.contracts.platform import EmployeeDeclared, platform_of
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "insurance.declarations"


@consumes(EmployeeDeclared, group=GROUP)
async def on_declared(event: CloudEvent[EmployeeDeclared], tx: Transaction) -> None:
    await push_commands.take(platform_of(event.source), event.data, tx)


@consumes(EnrolmentOpened, group=GROUP)
async def on_opened(event: CloudEvent[EnrolmentOpened], tx: Transaction) -> None:
    await push_commands.look_again(event.data, tx)
