"""Through which outlet an engagement's person is insured."""

from __future__ import annotations

from services.insurance.enrolment.segments import Outlet as Terms
from services.insurance.footing.documents import Footing
from services.insurance.footing.rules import Span
from services.insurance.outlets.documents import Outlet, OutletMark
from shared.storage.transaction import Transaction


async def outlet_of(footing: Footing, tx: Transaction) -> Terms | None:
    """The terms of the outlet through which a courier works; None where the partner is none, or there is no partner."""
    if footing.industry != "courier" or footing.partner_uscc is None:
        return None
    await OutletMark.touch(footing.partner_uscc, tx)
    outlet = await Outlet.of(footing.partner_uscc, tx)
    return Terms(outlet.insurer, Span(outlet.since, outlet.until)) if outlet else None
