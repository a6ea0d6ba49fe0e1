"""What complaints says of penalties that take a licence away, and of what becomes of them."""

from __future__ import annotations

from services.registry.licensing import commands
from shared.contracts.base import CloudEvent
from shared.contracts.complaints import PenaltyClosed, PenaltyDecided
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "registry.restrictions"
"""Shared with what complaints says of listings: one group more reads each topic once more."""


@consumes(PenaltyDecided, group=GROUP)
async def on_penalty_decided(event: CloudEvent[PenaltyDecided], tx: Transaction) -> None:
    penalty = event.data
    if penalty.revoked is not None:
        await commands.revoke_by_penalty(
            penalty.uscc, penalty.revoked, penalty.penalty_id, penalty.number, penalty.served_on, tx
        )


@consumes(PenaltyClosed, group=GROUP)
async def on_penalty_closed(event: CloudEvent[PenaltyClosed], tx: Transaction) -> None:
    if event.data.revoked is None:
        await commands.restore_after_penalty(event.data.uscc, event.data.penalty_id, tx)
