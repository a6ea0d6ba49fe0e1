"""Every event that a person or a platform must hear of.

The streams that somebody waits for have a group of their own: the more streams a group reads, the longer each fetch takes.
"""

from __future__ import annotations

from services.notifier.deliveries import holding
from services.notifier.messages.rules import MAKERS, READERS
from shared.contracts import complaints, insurance, registry, subsidies
from shared.contracts.base import CloudEvent, Fact
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

HEARD = MAKERS | READERS
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


@consumes(*(fact for fact in HEARD if fact.TOPIC in AWAITED), group="notifier.messages", load=holding.look_ahead)
async def on_awaited(event: CloudEvent[Fact], tx: Transaction) -> None:
    await holding.take(event, tx)


@consumes(*(fact for fact in HEARD if fact.TOPIC not in AWAITED), group="notifier.notices", load=holding.look_ahead)
async def on_other(event: CloudEvent[Fact], tx: Transaction) -> None:
    await holding.take(event, tx)
