"""By the law of which day a benefit is calculated."""

from __future__ import annotations

import datetime as dt

import pytest

from services.insurance.benefits.proposal_commands import law_for
from services.insurance.claims.documents import Claim
from services.insurance.entitlements.documents import Death, Entitlement

INJURED, DIED = dt.date(2025, 12, 20), dt.date(2026, 2, 3)


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        ("death_lump", INJURED),  # 人社部令第13号 art. 11: the year before the injury
        ("funeral", DIED),
        ("dependant_pension", DIED),
        ("disability_lump", INJURED),
    ],
)
def test_a_death_in_the_next_year(kind: str, day: dt.date) -> None:
    """Of the injury, a year later: the death grant is of the income of the year before the injury all the same."""
    claim = Claim.model_construct(occurred_at=dt.datetime(2025, 12, 20, 4, tzinfo=dt.UTC), district="510603")
    death = Death(on=DIED, of_injury=True, declared=False, kind="while_suspended", document="1", by="officer")
    entitlement = Entitlement.model_construct(deaths=[death], life="dead")
    assert law_for(claim, kind, entitlement).day == day
