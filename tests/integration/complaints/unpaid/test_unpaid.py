"""Work that nobody has settled: looked for when the term of its month is over, and when it comes late."""

from __future__ import annotations

import datetime as dt

import time_machine

from services.complaints.leads.documents import Lead
from services.complaints.pay.documents import PayLaw, Settlement
from services.complaints.unpaid import commands
from shared import clock
from shared.contracts.complaints.pay_findings import PayMissing
from shared.contracts.platform import Relation, WorktimeRecorded
from shared.contracts.registry import EngagementCorrected
from shared.policy.calendar import SHANGHAI
from shared.storage.client import storage
from shared.storage.transaction import transact
from tests.harness import Harness
from tests.integration.complaints.facts import PLATFORM, SOURCE, engagement, order, settlement


async def engaged(complaints: Harness, ref: str, relation: Relation = "partial", version: int = 1) -> None:
    fact = engagement(EngagementCorrected, f"w-{ref.lower()}", ref, relation=relation, version=version)
    await complaints.publish(fact)
    await complaints.settled()


async def lead_of(ref: str) -> Lead | None:
    return await Lead.find_one({"worker_ref": ref, "kind": "pay_missing", "holds": True})


async def timer(name: str) -> dict[str, dt.datetime] | None:
    return await storage().collection("timers").find_one({"_id": name})


async def test_a_month_is_looked_at_when_its_term_is_over(complaints: Harness) -> None:
    in_october = dt.datetime(2026, 10, 10, 12, tzinfo=SHANGHAI)
    with time_machine.travel(in_october, tick=True):
        await engaged(complaints, "NEVER")
        await engaged(complaints, "OWN", "self_employed")
        await engaged(complaints, "PAID")
        for ref in ("NEVER", "OWN", "PAID"):
            await complaints.publish(order(ref, 8, 2, day=3), order(ref, 8, 3, day=20), source=SOURCE)
        await complaints.publish(settlement("PAID", "900.00", last=dt.date(2026, 9, 30)), source=SOURCE)
        await complaints.settled()
        await commands.begin()
        due = await timer("complaints.unpaid_month:2026-09")
        assert due is not None
        assert due["due_at"] == dt.datetime(2026, 10, 31, tzinfo=SHANGHAI)
        await sweep()
        assert await lead_of("NEVER") is None  # its term is not over
    with time_machine.travel(dt.datetime(2026, 10, 31, 1, tzinfo=SHANGHAI), tick=True):
        await sweep()
        lead = await lead_of("NEVER")
        assert lead is not None
        found = lead.found
        assert isinstance(found, PayMissing)
        assert ([day.day for day in found.unpaid_days], found.unpaid_seconds) == ([3, 20], 5 * 3600)
        assert (found.due_on, lead.verified, lead.district) == (dt.date(2026, 10, 30), False, "510681")
        assert await lead_of("OWN") is await lead_of("PAID") is None
        assert await timer("complaints.unpaid_month:2026-10") is not None
        # a settlement of half the month leaves the other half, and one of all of it leaves nothing
        await complaints.publish(settlement("NEVER", "90.00"), source=SOURCE)
        await complaints.settled()
        half = await lead_of("NEVER")
        assert half is not None
        assert half.finding["unpaid_days"] == ["2026-09-20"]
        rest = settlement("NEVER", "90.00", first=dt.date(2026, 9, 16), last=dt.date(2026, 9, 30))
        await complaints.publish(rest, source=SOURCE)
        await complaints.settled()
        assert await lead_of("NEVER") is None


async def test_what_is_replaced_pays_for_no_day(complaints: Harness) -> None:
    """A settlement for half a month takes the place of one for all of it, and no longer does."""
    in_november = dt.datetime(2026, 11, 3, 12, tzinfo=SHANGHAI)
    with time_machine.travel(in_november, tick=True):
        await engaged(complaints, "HALVED")
        await complaints.publish(order("HALVED", 8, 2, day=3), order("HALVED", 8, 3, day=20), source=SOURCE)
        all_of_it = settlement("HALVED", "900.00", settlement_id="halved-1", last=dt.date(2026, 9, 30))
        await complaints.publish(all_of_it, source=SOURCE)
        await complaints.settled()
        half = settlement("HALVED", "90.00", settlement_id="halved-2", replaces="halved-1")
        await complaints.publish(half, source=SOURCE)
        await complaints.settled()
        set_ = await timer(f"complaints.past_month:{PLATFORM}|HALVED|2026-09")
        assert set_ is not None
        await transact(lambda tx: commands.check([(f"{PLATFORM}|HALVED", "2026-09")], tx))
        lead = await lead_of("HALVED")
        assert lead is not None
        assert lead.finding["unpaid_days"] == ["2026-09-20"]
    with time_machine.travel(in_november + dt.timedelta(1), tick=True):
        await complaints.publish(settlement("HALVED", "90.00", settlement_id="halved-2"), source=SOURCE)
        await complaints.settled()
        assert await lead_of("HALVED") is None


async def test_months_that_an_earlier_version_passed_over(complaints: Harness) -> None:
    """To it a settlement of nothing paid for its days. They are looked at once after the upgrade."""

    async def upgraded() -> Lead | None:
        await Lead.find({"worker_ref": "HIDDEN", "kind": "pay_missing"}).delete()
        await commands.begin()
        await complaints.settled()
        return await lead_of("HIDDEN")

    with time_machine.travel(dt.datetime(2026, 11, 3, 12, tzinfo=SHANGHAI), tick=True):
        await engaged(complaints, "HIDDEN")
        await complaints.publish(order("HIDDEN", 8, 2), settlement("HIDDEN", "0.00"), source=SOURCE)
        await complaints.settled()
        await PayLaw.find({"_id": commands.KIND}).delete()
        lead = await upgraded()
        assert lead is not None
        assert lead.finding["settled_for_nothing"] == ["2026-09-03"]
        assert await upgraded() is None  # it was done


async def sweep() -> None:
    asked: commands.Sweep | None = commands.Sweep("2026-09")
    while asked is not None:
        asked = await transact(lambda tx, now=asked: commands.sweep_some(now, tx))  # type: ignore[misc]


async def test_work_of_a_month_that_is_over_waits_a_day(complaints: Harness) -> None:
    await engaged(complaints, "LATE-WORK")
    await complaints.publish(order("LATE-WORK", 8, 2), source=SOURCE)
    await complaints.settled()
    set_ = await timer(f"complaints.past_month:{PLATFORM}|LATE-WORK|2026-09")
    assert set_ is not None
    assert dt.timedelta(hours=23) < set_["due_at"] - clock.now() <= dt.timedelta(days=1)
    month = f"{PLATFORM}|LATE-WORK", "2026-09"
    await transact(lambda tx: commands.check([month], tx))
    assert await lead_of("LATE-WORK") is not None
    await engaged(complaints, "LATE-WORK", "self_employed", version=2)
    assert await lead_of("LATE-WORK") is None


async def test_orders_of_a_day_known_by_its_time_online_are_looked_at(complaints: Harness) -> None:
    """Also where the month was looked at while nothing but the session was there, or fewer orders."""
    begin = dt.datetime(2026, 9, 3, 8, tzinfo=SHANGHAI)
    online = WorktimeRecorded(
        session_id="S-ONLINE", worker_ref="ONLINE", online_at=begin, offline_at=begin + dt.timedelta(hours=6)
    )
    name, month = f"complaints.past_month:{PLATFORM}|ONLINE|2026-09", (f"{PLATFORM}|ONLINE", "2026-09")
    await engaged(complaints, "ONLINE")
    await complaints.publish(online, source=SOURCE)
    await complaints.settled()
    for seconds, hour in ((7200, 8), (10_800, 12)):
        await storage().collection("timers").delete_one({"_id": name})
        await complaints.publish(order("ONLINE", hour, 2 if hour == 8 else 1), source=SOURCE)
        await complaints.settled()
        assert await timer(name) is not None
        await transact(lambda tx: commands.check([month], tx))
        lead = await lead_of("ONLINE")
        assert lead is not None
        assert lead.finding["unpaid_seconds"] == seconds


async def test_a_settlement_told_for_other_days_counts_for_these(complaints: Harness) -> None:
    """What it was for before is unpaid again, and what it is for now is paid."""
    ref, september, october = "MOVED", dt.date(2026, 9, 30), dt.date(2026, 10, 31)
    with time_machine.travel(dt.datetime(2026, 12, 2, 12, tzinfo=SHANGHAI), tick=True):
        await engaged(complaints, ref)
        await complaints.publish(order(ref, 8, 2, day=3), order(ref, 8, 3, day=3, month=10), source=SOURCE)
        await complaints.settled()
        both = [(f"{PLATFORM}|{ref}", month) for month in ("2026-09", "2026-10")]

        async def told(first: dt.date, last: dt.date) -> Settlement:
            paid = settlement(ref, "900.00", settlement_id="S-MOVED", first=first, last=last)
            await complaints.publish(paid, source=SOURCE)
            await complaints.settled()
            held = await Settlement.of(f"{PLATFORM}|S-MOVED")
            assert held is not None
            return held

        for _ in range(2):  # told again for the same days it was for nothing else
            assert (await told(dt.date(2026, 9, 1), september)).before == []
        await transact(lambda tx: commands.check(both, tx))
        assert await unpaid_months(ref) == ["2026-10"]
        assert await timer(f"complaints.past_month:{PLATFORM}|{ref}|2026-09") is not None
        await storage().collection("timers").delete_many({"kind": "complaints.past_month"})

        await told(dt.date(2026, 10, 1), october)
        assert await unpaid_months(ref) == []
        # its correction may be on its way: what it was for is looked at a day later
        assert await timer(f"complaints.past_month:{PLATFORM}|{ref}|2026-09") is not None
        await transact(lambda tx: commands.check(both, tx))
        assert await unpaid_months(ref) == ["2026-09"]

        await told(dt.date(2026, 9, 1), september)
        assert await unpaid_months(ref) == ["2026-10"]
        await told(dt.date(2026, 9, 1), october)
        assert await unpaid_months(ref) == []


async def test_a_settlement_told_for_another_person_pays_them_alone(complaints: Harness) -> None:
    with time_machine.travel(dt.datetime(2026, 12, 2, 12, tzinfo=SHANGHAI), tick=True):
        for ref in ("WRONG", "RIGHT"):
            await engaged(complaints, ref)
            await complaints.publish(order(ref, 8, 2, day=3), source=SOURCE)
        await complaints.settled()
        months = [(f"{PLATFORM}|{ref}", "2026-09") for ref in ("WRONG", "RIGHT")]
        for ref, left in (("WRONG", ["RIGHT"]), ("RIGHT", ["WRONG"])):
            paid = settlement(ref, "900.00", settlement_id="S-PERSON", last=dt.date(2026, 9, 30))
            await complaints.publish(paid, source=SOURCE)
            await complaints.settled()
            await transact(lambda tx: commands.check(months, tx))
            assert [one for one in ("WRONG", "RIGHT") if await lead_of(one)] == left


async def unpaid_months(ref: str) -> list[str]:
    leads = await Lead.find({"worker_ref": ref, "kind": "pay_missing", "holds": True}).to_list()
    return sorted(str(lead.finding["month"]) for lead in leads)


async def test_each_persons_unpaid_days_of_a_reference_are_theirs(complaints: Harness) -> None:
    with time_machine.travel(dt.datetime(2026, 12, 2, 12, tzinfo=SHANGHAI), tick=True):
        await engaged(complaints, "HANDED")
        await complaints.publish(order("HANDED", 8, 2, day=3), order("HANDED", 8, 3, day=20), source=SOURCE)
        await complaints.settled()
        month = f"{PLATFORM}|HANDED", "2026-09"
        await transact(lambda tx: commands.check([month], tx))
        after = engagement(
            EngagementCorrected,
            "w-after",
            "HANDED",
            relation="partial",
            engagement_id="engagement-unpaid-after",
            started_on=dt.date(2026, 9, 10),
        )
        await complaints.publish(after)
        await complaints.settled()

        async def unpaid() -> dict[str | None, list[str]]:
            found = await Lead.find({"worker_ref": "HANDED", "kind": "pay_missing", "holds": True}).to_list()
            return {one.worker_id: one.finding["unpaid_days"] for one in found}

        assert await unpaid() == {"w-handed": ["2026-09-03"], "w-after": ["2026-09-20"]}
        await complaints.publish(settlement("HANDED", "90.00"), source=SOURCE)
        await complaints.settled()
        assert await unpaid() == {"w-after": ["2026-09-20"]}


async def test_a_settlement_for_nothing_pays_for_no_day(complaints: Harness) -> None:
    """Also where it was told with pay before: what it paid is looked at a day later."""
    with time_machine.travel(dt.datetime(2026, 12, 2, 12, tzinfo=SHANGHAI), tick=True):
        await engaged(complaints, "NOTHING")
        await complaints.publish(order("NOTHING", 8, 2, day=3), source=SOURCE)
        await complaints.settled()
        name, month = f"complaints.past_month:{PLATFORM}|NOTHING|2026-09", (f"{PLATFORM}|NOTHING", "2026-09")
        for gross, days in (("900.00", None), ("0.00", ["2026-09-03"])):
            await storage().collection("timers").delete_one({"_id": name})
            paid = settlement("NOTHING", gross, settlement_id="S-NOTHING", last=dt.date(2026, 9, 30))
            await complaints.publish(paid, source=SOURCE)
            await complaints.settled()
            assert (await timer(name) is not None) == (days is not None)
            await transact(lambda tx: commands.check([month], tx))
            lead = await lead_of("NOTHING")
            assert (lead and lead.finding["settled_for_nothing"]) == days
        [short] = await Lead.find(
            {"worker_ref": "NOTHING", "kind": "pay_below_hourly_minimum", "holds": True}
        ).to_list()
        assert (short.finding["pay"], short.finding["due"], short.finding["shortfall"]) == ("0.00", "42.00", "42.00")
