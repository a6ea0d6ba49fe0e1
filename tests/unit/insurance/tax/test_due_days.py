"""Until when what the tax office collects is paid, reckoned anew by the days off that are published now."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any, cast

from services.insurance.tax.commands import _due_on
from services.insurance.tax.documents import TaxStatement


def test_contributions_move_back_too() -> None:
    """Told for the Monday, by a Friday off that is none after all: it is the Friday."""
    month = TaxStatement.model_construct(id="contributions|u|2026-12", kind="contributions", month="2026-12")
    month.due_on = dt.date(2027, 1, 18)
    assert asyncio.run(_due_on(month, cast(Any, None))) == dt.date(2027, 1, 15)
