"""Every event that a person or a platform must hear of, and the erasure of a person.

The streams that somebody waits for have a group of their own: the more streams a group reads, the longer each fetch takes.
"""

from __future__ import annotations

from services.notifier.intake import commands
from services.notifier.notices.rules import TAKES_BACK
from services.notifier.notices.table import TOLD
from services.notifier.recipients.consumers import GROUP as RECIPIENTS
from shared.contracts import complaints, insurance, registry, subsidies
from shared.contracts.base import CloudEvent, Fact
from shared.contracts.registry import WorkerErased
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

HEARD = sorted(TOLD | TAKES_BACK, key=lambda fact: fact.TYPE)
AWAITED = frozenset(
    {
        registry.ENGAGEMENT,
        insurance.ENROLMENT,
        insurance.CLAIM,
        insurance.BILL,
        complaints.CASE,
        subsidies.CERTIFICATE,
        subsidies.APPLICATION,
    }
)


@consumes(*(fact for fact in HEARD if fact.TOPIC in AWAITED), group="notifier.messages", load=commands.load)
async def on_awaited(event: CloudEvent[Fact], tx: Transaction) -> None:
    await commands.deliver(event, tx)


@consumes(*(fact for fact in HEARD if fact.TOPIC not in AWAITED), group="notifier.notices", load=commands.load)
async def on_other(event: CloudEvent[Fact], tx: Transaction) -> None:
    await commands.deliver(event, tx)


@consumes(WorkerErased, group=RECIPIENTS)
async def on_worker_erased(event: CloudEvent[WorkerErased], tx: Transaction) -> None:
    await commands.erase_worker(event.data.worker_id, tx)
