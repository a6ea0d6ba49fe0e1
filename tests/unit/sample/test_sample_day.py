"""The sample day: what is in it, and that it is always the same."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as clock
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deploy.local.calculation import calculate
from deploy.local.calculation.figures import accepted
from deploy.local.calculation.identity import birth_date, is_credit_code
from deploy.local.calculation.registry import ENDED, STARTED, TRAINED
from deploy.local.calculation.validation import DISTRICTS, SCHEMAS, Fact, shanghai_day
from deploy.local.calculation.wages import STATUTORY, worked_hours
from deploy.local.sample import Sample, generate
from tests.unit.sample.facts import NOW

SHANGHAI = ZoneInfo("Asia/Shanghai")
PREFIX = "cn.deyang.platform."


@cache
def sample() -> Sample:
    return generate()


@cache
def facts() -> list[Fact]:
    return accepted(sample().events, NOW)[1]


@cache
def report() -> dict[str, Any]:
    return calculate(sample().events, sample().actions, NOW)


def of(kind: str) -> list[Fact]:
    return [fact for fact in facts() if fact.type == kind]


@cache
def rejected() -> list[dict[str, Any]]:
    kept = {fact.position for fact in facts()}
    return [event for place, event in enumerate(sample().events) if place not in kept]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Another one does not."""
    generate().write(tmp_path / "one")
    sample().write(tmp_path / "two")
    generate(seed=7).write(tmp_path / "three")
    for name in ("events.ndjson", "actions.ndjson"):
        one, two, three = ((tmp_path / folder / name).read_bytes() for folder in ("one", "two", "three"))
        assert one == two != three
    lines = (tmp_path / "one" / "events.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == sample().events


def test_another_seed_leaves_the_figures_that_the_cast_decides() -> None:
    other = generate(seed=7)
    again = calculate(other.events, other.actions, NOW)
    assert again["registry"] == report()["registry"]
    assert again["pushed"]["rejected"] == report()["pushed"]["rejected"]


def test_is_large_enough() -> None:
    assert report()["registry"]["workers"] >= 600
    assert report()["insurance"]["orders"] >= 15_000
    assert report()["registry"]["enterprises"] >= 3
    assert {fact.type for fact in facts()} == set(SCHEMAS) - {"employee.declared.v1"}  # declared over HTTP in the demo
    assert all(report()["registry"]["engagements"][state] > 0 for state in ("active", "blocked", "ended"))
    assert report()["insurance"]["claims"] > 0
    assert 100 < report()["complaints"]["leads"] < len(of("settlement.paid.v1")) / 2
    assert report()["complaints"]["cases"] > 0
    assert report()["subsidies"]["applications"] > 0


def test_lies_in_september_and_october() -> None:
    days = [shanghai_day(fact.data["finished_at"]) for fact in of("order.finished.v1")]
    assert {f"{day:%Y-%m}" for day in days} == {"2026-09", "2026-10"}


def test_has_a_lunch_and_an_evening_peak() -> None:
    hours = Counter(fact.data["taken_at"].astimezone(SHANGHAI).hour for fact in of("order.finished.v1"))
    between = hours[15] + hours[16]
    assert min(hours[11] + hours[12], hours[18] + hours[19]) > 3 * between


def test_the_people_are_distinct_and_some_hold_permits() -> None:
    numbers = {fact.data["id_number"] for fact in of(STARTED)}
    assert all(birth_date(number) for number in numbers)
    assert {number[:2] for number in numbers} >= {"51", "81", "82", "83"}
    assert any(fact["data"]["id_number"].endswith("x") for fact in sample().events if fact["type"] == PREFIX + STARTED)


def test_one_platform_is_of_class_b_and_couriers_have_no_rate() -> None:
    classes = {fact.platform: fact.data["delivery_class"] for fact in of("profile.declared.v1")}
    assert "b" in classes.values()
    billed = {bill["platform"] for bill in report()["insurance"]["bills"]}
    couriers = {fact.platform for fact in of("order.finished.v1") if fact.data["industry"] == "courier"}
    assert couriers
    assert not couriers & billed
    assert len(billed) >= 3


def test_has_people_on_two_platforms_and_people_who_start_again() -> None:
    platforms: defaultdict[str, set[str]] = defaultdict(set)
    starts: defaultdict[tuple[str, str], set[object]] = defaultdict(set)
    for fact in of(STARTED):
        platforms[fact.data["id_number"]].add(fact.platform)
        starts[fact.worker].add(fact.data["started_on"])
    assert sum(len(found) == 2 for found in platforms.values()) >= 20
    assert sum(len(days) == 2 for days in starts.values()) >= 5


def test_has_every_footing_and_blocked_ones_that_are_unblocked() -> None:
    assert {fact.data["relation"] for fact in of(STARTED)} == {"employment", "partial", "self_employed"}
    blocked = {fact.worker for fact in of(STARTED) if fact.data["safety_training"] is None}
    unblocked = {fact.worker for fact in of(TRAINED)} & blocked
    assert len(unblocked) >= 20
    assert len(blocked) > len(unblocked)
    assert {fact.data["certificate_number"] is None for fact in of(TRAINED)} == {True, False}
    assert len(of(ENDED)) >= 20


def test_has_orders_before_their_engagement_also_of_the_employed() -> None:
    told: dict[tuple[str, str], Fact] = {}
    for fact in of(STARTED):
        told.setdefault(fact.worker, fact)
    early = {
        fact.worker
        for fact in of("order.finished.v1")
        if fact.worker in told and fact.position < told[fact.worker].position
    }
    assert {told[worker].data["relation"] for worker in early} >= {"employment", "partial"}


def test_has_orders_that_overlap_or_pass_the_months_end() -> None:
    orders: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in of("order.finished.v1"):
        orders[fact.worker].append(fact)
    overlaps = sum(
        later.data["taken_at"] < earlier.data["finished_at"]
        for worked in orders.values()
        for earlier, later in pairwise(worked)
    )
    assert overlaps > 1_000
    # After midnight in Deyang, still September in UTC.
    night = [fact.data["finished_at"] for fact in of("order.finished.v1")]
    assert sum(moment.month == 9 and moment.astimezone(SHANGHAI).month == 10 for moment in night) > 10


def test_has_incidents_during_an_order_and_outside_any() -> None:
    assert {fact.data["order_id"] is None for fact in of("incident.reported.v1")} == {True, False}


def test_every_settlement_is_clearly_above_or_below_the_minimum() -> None:
    spans: defaultdict[tuple[str, str], list[tuple[datetime, datetime]]] = defaultdict(list)
    for order in of("order.finished.v1"):
        spans[order.worker].append((order.data["taken_at"], order.data["finished_at"]))
    hourly = []
    for fact in of("settlement.paid.v1"):
        start = datetime.combine(fact.data["period_start"], clock.min, SHANGHAI)
        end = datetime.combine(fact.data["period_end"] + timedelta(days=1), clock.min, SHANGHAI)
        kept = sum(part["amount"] for part in fact.data["deductions"] if part["kind"] in STATUTORY)
        withheld = sum(part["amount"] for part in fact.data["deductions"]) - kept
        hourly.append(Fraction(fact.data["gross"] - withheld) / worked_hours(spans[fact.worker], start, end))
    assert not any(19 < pay < 24 for pay in hourly)
    # By what is paid out some would be wrongly found short, and by the gross some wrongly not.
    assert any(part["kind"] in STATUTORY for fact in of("settlement.paid.v1") for part in fact.data["deductions"])
    assert any(part["kind"] == "fine" for fact in of("settlement.paid.v1") for part in fact.data["deductions"])


def test_tells_an_event_twice_in_a_batch_and_across_batches() -> None:
    places: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    pushed: Counter[str] = Counter()
    for event in sample().events:
        # The place of an event among its own platform's: a batch is one platform's.
        places[event["source"], event["id"]].append(pushed[event["source"]])
        pushed[event["source"]] += 1
    twice = [found for found in places.values() if len(found) > 1]
    assert sum(first // 1_000 == second // 1_000 for first, second, *_ in twice) >= 20
    assert sum(second - first > 1_000 for first, second, *_ in twice) >= 5


def test_tells_the_same_order_under_another_event_id() -> None:
    ids: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for fact in of("order.finished.v1"):
        ids[fact.platform, fact.data["order_id"]].add(sample().events[fact.position]["id"])
    assert sum(len(found) > 1 for found in ids.values()) >= 20


def test_has_orders_of_workers_whom_nobody_told_of() -> None:
    known = {fact.worker for fact in of(STARTED)}
    assert sum(fact.worker not in known for fact in of("order.finished.v1")) >= 10


def _ends_before_start(data: dict[str, Any]) -> bool:
    pairs = (("taken_at", "finished_at"), ("period_start", "period_end"), ("online_at", "offline_at"))
    return any(end in data and data.get(start, "") > data[end] for start, end in pairs)


MISTAKES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a wrong check digit": lambda event: (
        not birth_date(event["data"].get("id_number", "")) and "relation" in event["data"]
    ),
    "a partner's wrong code": lambda event: (
        not is_credit_code(event["data"].get("partner_uscc") or DISTRICTS[0]) and event["data"].get("partner_uscc")
    ),
    "an unknown type": lambda event: event["type"].removeprefix(PREFIX) not in SCHEMAS,
    "a far future": lambda event: event["time"].startswith("2099"),
    "a far future inside": lambda event: event["data"].get("finished_at", "").startswith("2099"),
    "an end before its start": lambda event: _ends_before_start(event["data"]),
    "a foreign district": lambda event: event["data"].get("district") == "510104",
    "a district's name": lambda event: not event["data"].get("district", "510104").isdigit(),
    "a missing field": lambda event: "finished_at" in event["data"] and "order_id" not in event["data"],
    "money as a number": lambda event: isinstance(event["data"].get("fee"), float),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_plants_what_must_be_refused(mistake: str) -> None:
    assert sum(bool(MISTAKES[mistake](event)) for event in rejected()) >= 3


def test_refuses_nothing_but_what_was_planted() -> None:
    assert len(rejected()) == report()["pushed"]["rejected"] < 120


def test_what_workers_do_is_done_by_workers_who_are_known() -> None:
    known = {fact.worker for fact in of(STARTED)}
    trainings = {(*fact.worker, fact.data["course"], f"{fact.data['completed_on']}") for fact in of(TRAINED)}
    kinds = Counter(action["kind"] for action in sample().actions)
    assert set(kinds) == {"complaint", "application", "device"}
    for action in sample().actions:
        worker = action["platform"], action["worker_ref"]
        assert worker in known
        if action["kind"] == "application":
            assert (*worker, action["course"], action["completed_on"]) in trainings


def test_some_have_two_accounts_at_one_platform() -> None:
    """At once or one after the other."""
    accounts: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for fact in of(STARTED):
        accounts[fact.data["id_number"], fact.platform].add(fact.data["worker_ref"])
    assert sum(len(found) > 1 for found in accounts.values()) >= 20
    assert report()["insurance"]["enrolled"] < report()["registry"]["engagements"]["active"]


def test_shuffled_it_is_the_same_day_with_the_same_figures() -> None:
    shuffled = [generate(shuffle=seed) for seed in (1, 2)]
    in_order = sorted(json.dumps(event, sort_keys=True) for event in sample().events)
    for one in shuffled:
        assert one.events != sample().events
        assert sorted(json.dumps(event, sort_keys=True) for event in one.events) == in_order
        assert one.actions == sample().actions
        assert calculate(one.events, one.actions, NOW) == report()
    assert shuffled[0].events != shuffled[1].events
    assert generate(shuffle=1).events == shuffled[0].events


def test_is_made_for_as_many_people_as_are_asked_for() -> None:
    small, large = (generate(people=people, work=20) for people in (100, 1500))
    for made, people in ((small, 100), (large, 1500)):
        figures = calculate(made.events, made.actions, NOW)
        assert figures["registry"]["workers"] == people
        assert all(figures["registry"]["engagements"].values())
        assert figures["pushed"]["rejected"] > 0
    assert len(small.events) < 1_000


def test_platforms_write_instants_in_utc_or_in_local_time() -> None:
    offsets = {datetime.fromisoformat(event["time"]).utcoffset() for event in sample().events}
    assert offsets == {timedelta(0), timedelta(hours=8)}
