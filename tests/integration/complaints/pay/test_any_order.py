"""Engagements, orders and settlements of people with several accounts, whose references pass on, drawn from a seed: whatever order
they come in, and however often, the leads at the end are the same.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
import pytest_asyncio

from services.complaints.leads.documents import Lead
from services.complaints.pay.documents import Settlement
from shared.contracts.base import Fact
from shared.contracts.registry import EngagementCorrected
from shared.policy.calendar import SHANGHAI
from tests.harness import Harness
from tests.integration.complaints.facts import PLATFORM, SOURCE, engagement, order, settlement
from tests.integration.complaints.staff import on_register

SEPTEMBER = (dt.date(2026, 9, 1), dt.date(2026, 9, 30))
PERIODS = (
    SEPTEMBER,
    (SEPTEMBER[0], dt.date(2026, 9, 15)),
    (dt.date(2026, 9, 16), SEPTEMBER[1]),
    (SEPTEMBER[0], dt.date(2026, 9, 10)),
)
KINDS = (
    "pay_below_hourly_minimum",
    "pay_below_monthly_minimum",
    "overtime_exceeded",
    "weekly_rest_missing",
    "rest_exceeded",
)
AT_ONCE = 5
TOLD = dt.datetime(2026, 10, 8, 8, tzinfo=SHANGHAI)
Story = list[Callable[[str], tuple[int, Fact]]]
"""What is told, and at which second, of a run: every name in it begins with the run's."""


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def reader(complaints: Harness) -> None:
    """`complaints.officer`, on the register."""
    await on_register()


def story(seed: int) -> Story:
    draw = random.Random(seed)
    told: Story = []
    for number in range(draw.randint(2, 4)):
        ref = draw.choice(("-A", "-B"))
        more = {
            "relation": draw.choice(("employment", "employment", "partial")),
            "started_on": dt.date(2026, 9, draw.choice((1, 1, 12))),
        }
        for version in range(1, draw.randint(2, 3)):
            told.append(_engaged(number, ref, version, draw.choice(("-anna", "-anna", "-bert")), more))
    for number in range(draw.randint(8, 16)):
        ref, day, hour = draw.choice(("-A", "-B")), draw.randint(7, 14), draw.randint(5, 12)
        told.append(_worked(number, ref, day, hour, draw.randint(2, 11)))
    for number in range(draw.randint(2, 4)):
        for version in range(1, draw.randint(2, 3)):
            paid = (
                draw.choice(("-A", "-B")),
                draw.choice(("0.00", "300.00", "1200.00", "2500.00")),
                draw.choice(PERIODS),
            )
            told.append(_paid(number, version, *paid))
    return told


def _engaged(
    number: int, ref: str, version: int, person: str, more: dict[str, Any]
) -> Callable[[str], tuple[int, Fact]]:
    def fact(run: str) -> tuple[int, Fact]:
        own = f"{run}-engagement-{number}"
        return 0, engagement(
            EngagementCorrected, f"{run}{person}", f"{run}{ref}", version=version, engagement_id=own, **more
        )

    return fact


def _worked(number: int, ref: str, day: int, hour: int, hours: int) -> Callable[[str], tuple[int, Fact]]:
    return lambda run: (0, order(f"{run}{ref}", hour, hours, day=day, order_id=f"{run}-{number}"))


def _paid(
    number: int, version: int, ref: str, gross: str, days: tuple[dt.date, dt.date]
) -> Callable[[str], tuple[int, Fact]]:
    own = f"-settlement-{number}"
    return lambda run: (
        version,
        settlement(f"{run}{ref}", gross, settlement_id=f"{run}{own}", first=days[0], last=days[1]),
    )


async def shown(run: str) -> tuple[set[str], set[str]]:
    """The leads on a run's workers that hold, and why settlements of it are undecided, with the run's name left out."""
    refs = [f"{run}-A", f"{run}-B"]
    leads = await Lead.find({"worker_ref": {"$in": refs}, "holds": True, "kind": {"$in": list(KINDS)}}).to_list()
    paid = await Settlement.find({"worker": {"$in": [f"{PLATFORM}|{ref}" for ref in refs]}}).to_list()
    said = {
        f"{one.kind} {one.worker_ref} {one.worker_id} {one.district} {one.finding} {one.to_judge}".replace(run, "")
        for one in leads
    }
    return said, {f"{one.settlement_id} {one.undecided}".replace(run, "") for one in paid}


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_the_leads_are_the_same_in_any_order(complaints: Harness, seed: int) -> None:
    told, found = story(seed), []
    for turn in range(3):
        run = f"DRAWN{seed}{turn}"
        facts = [one(run) for one in told]
        again = facts if turn == 2 else []
        in_turn = random.Random(seed * 10 + turn).sample([*facts, *again], len(facts) + len(again))
        for start in range(0, len(in_turn), AT_ONCE):
            for second, fact in in_turn[start : start + AT_ONCE]:
                await complaints.publish(fact, source=SOURCE, time=TOLD + dt.timedelta(seconds=second))
            await complaints.settled(120)
        found.append(await shown(run))
    assert found[0] == found[1] == found[2]
    assert found[0][1]
