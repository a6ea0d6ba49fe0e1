"""What complaints says of penalties that take a licence away or suspend it, and of what becomes of them."""

from __future__ import annotations

from services.registry.licences.documents import LicencePenalty
from services.registry.licensing import penalty_commands
from shared.contracts.base import CloudEvent
from shared.contracts.complaints import PenaltyClosed, PenaltyDecided
from shared.messaging.consuming import consumes
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction

GROUP = "registry.restrictions"
"""Shared with what complaints says of listings: one group more reads each topic once more."""


@consumes(PenaltyDecided, group=GROUP)
async def on_penalty_decided(event: CloudEvent[PenaltyDecided], tx: Transaction) -> None:
    penalty = event.data
    kind = penalty.revoked or penalty.suspended
    if kind is not None:
        struck = LicencePenalty(
            id=penalty.penalty_id,
            uscc=penalty.uscc,
            kind=kind,
            number=penalty.number,
            licence=penalty.licence_number,
            authority=penalty.licence_authority,
            first=penalty.served_on,
            last=None if penalty.revoked else penalty.suspended_until,
        )
        await penalty_commands.strike(struck, tx)


@consumes(PenaltyClosed, group=GROUP)
async def on_penalty_closed(event: CloudEvent[PenaltyClosed], tx: Transaction) -> None:
    penalty, day = event.data, shanghai_date(event.time)
    if penalty.outcome not in ("changed", "annulled"):
        return
    ended = LicencePenalty(
        id=penalty.penalty_id, uscc=penalty.uscc, kind=None, number=penalty.number, first=day, last=None
    )
    if penalty.suspended_until is not None:
        await penalty_commands.shorten(ended, penalty.suspended_until, tx)
    elif penalty.revoked is None:
        await penalty_commands.restore(ended, tx)
