"""Through which outlet an engagement's person is insured."""

from __future__ import annotations

from services.insurance.engagements.documents import Engagement
from services.insurance.engagements.rules import Span
from services.insurance.outlets.documents import Outlet, OutletMark
from services.insurance.outlets.rules import OutletTerms
from shared.storage.transaction import Transaction


async def outlet_of(engagement: Engagement, tx: Transaction) -> OutletTerms | None:
    """The terms of the outlet through which a courier works; None where the partner is none, or there is no partner."""
    if engagement.industry != "courier" or engagement.partner_uscc is None:
        return None
    await OutletMark.touch(engagement.partner_uscc, tx)
    outlet = await Outlet.of(engagement.partner_uscc, tx)
    return OutletTerms(outlet.insurer, Span(outlet.since, outlet.until)) if outlet else None
