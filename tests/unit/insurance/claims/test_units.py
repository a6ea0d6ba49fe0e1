"""Who stands as the employer of an injured courier, and who answers for what the fund does not pay."""

from __future__ import annotations

import datetime as dt

import pytest

from services.insurance.claims.documents import Claim, OutletUnit
from services.insurance.claims.rules import cover

AT = dt.datetime(2026, 9, 2, 4, tzinfo=dt.UTC)


def claim(outlet: OutletUnit | None, platform: str = "PLATFORM", partner: str | None = None) -> Claim:
    made: Claim = Claim.model_construct(platform=platform, partner=partner)
    made.insured_through(outlet)
    return made


@pytest.mark.parametrize(
    ("platform", "partner", "outlet", "payers"),
    [
        ("PLATFORM", None, None, ("PLATFORM", None)),
        ("PLATFORM", "FIRM", None, ("PLATFORM", "FIRM")),
        ("PLATFORM", "OUTLET", OutletUnit(uscc="OUTLET", insurer="OUTLET"), ("PLATFORM", "OUTLET")),
        ("PLATFORM", "OUTLET", OutletUnit(uscc="OUTLET", insurer="FIRM"), ("PLATFORM", "FIRM")),
        ("PLATFORM", "OUTLET", OutletUnit(uscc="OUTLET", insurer="PLATFORM"), ("PLATFORM", None)),
        ("OUTLET", "OUTLET", OutletUnit(uscc="OUTLET", insurer="FIRM"), ("FIRM", None)),
        ("OUTLET", "OUTLET", OutletUnit(uscc="OUTLET", insurer="OUTLET"), ("OUTLET", None)),
    ],
)
def test_the_outlets_insurer_answers_before_the_platform(
    platform: str, partner: str | None, outlet: OutletUnit | None, payers: tuple[str, str | None]
) -> None:
    assert claim(outlet, platform, partner).payers == payers


def test_whoever_is_insured_through_an_outlet_has_a_work_injury() -> None:
    """Also during an order: the two insurances exclude each other."""
    order = (AT - dt.timedelta(minutes=5), AT + dt.timedelta(minutes=5))
    assert cover(AT, [order], [], through_outlet=True) == "other_scheme"
    assert cover(AT, [order], []) == "covered"
