from __future__ import annotations

import datetime as dt

from services.complaints.terms.remedies import remedies
from shared.policy.parameters import parameters

DAY = dt.date(2026, 3, 2)


def test_remedies_are_counted_from_service() -> None:
    found = remedies(DAY, parameters.on(DAY, place="510603"))
    assert (found.review_by, found.sue_by) == (dt.date(2026, 5, 6), dt.date(2026, 9, 2))
