"""What is told while leads are reckoned: whichever of the two is stored last has seen the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

import pytest
import time_machine

from services.complaints.intake import commands as intake
from services.complaints.leads.documents import Lead
from services.complaints.overtime import commands as overtime
from services.complaints.parties.documents import Moved
from services.complaints.rest import commands as rest
from services.complaints.unpaid import commands as unpaid
from shared import clock
from shared.contracts.base import CloudEvent, Fact
from shared.contracts.registry import EngagementCorrected
from shared.ids import new_id
from shared.policy.calendar import SHANGHAI
from shared.storage.client import storage
from shared.storage.transaction import transact
from tests.harness import Harness, eventually
from tests.integration.complaints.facts import PLATFORM, SOURCE, engagement, order, settlement


def arrived(*facts: Fact) -> list[CloudEvent[Any]]:
    return [CloudEvent(id=new_id(), source=SOURCE, type=one.TYPE, time=clock.now(), data=one) for one in facts]


def before_it_is_raised(patch: pytest.MonkeyPatch, module: ModuleType, act: Callable[[], Awaitable[object]]) -> None:
    """Let something happen once, when a lead has been reckoned and is not stored yet."""
    original, done = module.raise_lead, list[bool]()

    async def instead(*given: Any, **named: Any) -> Lead:
        if not done:
            done.append(True)
            await act()
        return await original(*given, **named)  # type: ignore[no-any-return]

    patch.setattr(module, "raise_lead", instead)


async def leads_of(ref: str) -> dict[str, str | None]:
    """Those that hold, by kind, and of whom they are."""
    return {one.kind: one.worker_id for one in await Lead.find({"worker_ref": ref, "holds": True}).to_list()}


async def test_whose_it_is_turns_out_while_a_day_is_reckoned(
    complaints: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def told() -> None:
        await intake.follow_engagements(
            arrived(engagement(EngagementCorrected, "w-meets", "MEETS", relation="partial"))
        )
        await eventually(nobody_moved)

    async def nobody_moved() -> bool:
        return await Moved.find_all().count() == 0

    before_it_is_raised(monkeypatch, rest, told)
    await intake.follow_orders(arrived(order("MEETS", 1, 7)))
    assert await leads_of("MEETS") == {"rest_exceeded": "w-meets"}


async def test_a_footing_changes_while_a_month_is_reckoned(
    complaints: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def engaged(version: int, relation: str) -> list[CloudEvent[Any]]:
        more: dict[str, Any] = {"version": version, "relation": relation}
        return arrived(engagement(EngagementCorrected, "w-turns", "TURNS", **more))

    await intake.follow_engagements(engaged(1, "employment"))
    before_it_is_raised(monkeypatch, overtime, lambda: intake.follow_engagements(engaged(2, "self_employed")))
    await intake.follow_orders(arrived(order("TURNS", 6, 12, day=4)))
    assert "overtime_exceeded" not in await leads_of("TURNS")


async def test_a_settlement_comes_while_its_month_is_swept(
    complaints: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, timers = f"{PLATFORM}|SWEPT", storage().collection("timers")
    with time_machine.travel(dt.datetime(2026, 11, 3, 12, tzinfo=SHANGHAI), tick=True):
        await intake.follow_engagements(
            arrived(engagement(EngagementCorrected, "w-swept", "SWEPT", relation="partial"))
        )
        await intake.follow_orders(arrived(order("SWEPT", 8, 3, day=20)))
        paid = arrived(settlement("SWEPT", "900.00", last=dt.date(2026, 9, 30)))
        before_it_is_raised(monkeypatch, unpaid, lambda: intake.follow_settlements(paid))
        await transact(lambda tx: unpaid.check([(worker, "2026-09")], tx))
        again = {"_id": f"complaints.past_month:{worker}|2026-09", "due_at": {"$lte": clock.now() + unpaid.SOON}}
        assert (await timers.update_one(again, {"$set": {"due_at": clock.now()}})).matched_count == 1
        await complaints.settled()
        assert await leads_of("SWEPT") == {}
