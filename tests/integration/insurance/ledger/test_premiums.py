"""From orders to the ledger: charged once, and corrected by what comes later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, cast

import pytest
from pymongo.errors import BulkWriteError
from pymongo.monitoring import CommandStartedEvent

from services.insurance.engagements import commands as footing
from services.insurance.ledger import commands as charging
from services.insurance.ledger import queries as ledger
from services.insurance.ledger import repricing
from services.insurance.ledger.documents import Entry, EntryRow, Sheet, SheetRow
from services.insurance.ledger.sheets import SheetTaken
from services.insurance.ledger.timers import reprice_worker
from services.insurance.rates import rules as rates
from services.insurance.rates.commands import WorkerToReprice
from services.insurance.rates.pricing import Book
from shared.contracts.insurance import PremiumAdjusted
from shared.contracts.platform import OrderFinished, platform_source
from shared.contracts.registry import (
    EngagementActivated,
    EngagementBlocked,
    EngagementCorrected,
    EngagementEnded,
    EngagementStarted,
)
from shared.messaging.timers import Due
from shared.policy.parameters import parameters
from shared.policy.rows import Parameter
from shared.storage import bulk
from shared.storage.client import Row, collection_of
from shared.storage.statements import StatementCounter
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.insurance.facts import engagement, enterprise, event, new_platform, order, worker

Total = tuple[int, int, Decimal]


@pytest.fixture
def platform() -> str:
    return new_platform()


async def ledger_of(platform: str) -> Total:
    """Distinct orders, charged orders and premium by the entries; checked against what the sheets say."""
    rows = cast(list[EntryRow], await collection_of(Entry).find({"platform": platform}).to_list(None))
    total = (
        sum(row.get("corrects") is None for row in rows),
        sum(row["orders"] for row in rows),
        sum((ledger.amount(row) for row in rows), Decimal(0)),
    )
    sheets = cast(list[SheetRow], await collection_of(Sheet).find({"platform": platform}).to_list(None))
    assert total == (
        sum(row["charges"] for row in sheets),
        sum(row["orders"] for row in sheets),
        sum((ledger.amount(row) for row in sheets), Decimal(0)),
    )
    listed = sorted(charge for row in sheets for charge in ledger.orders_of(row))
    assert listed == sorted(row["_id"] for row in rows if row.get("corrects") is None)
    return total


async def charge(platform: str, *orders: OrderFinished) -> None:
    await charging.charge([event(platform, one) for one in orders])


async def adjusted(insurance: Harness, platform: str) -> list[tuple[int, str, str]]:
    facts = [fact for fact in await insurance.told(PremiumAdjusted) if fact.platform == platform]
    return [(fact.orders, fact.premium, fact.reason) for fact in facts]


async def test_orders_are_charged_once_however_often_they_are_told(insurance: Harness, platform: str) -> None:
    before = (await insurance.http.get("/v1/statistics", headers=insurance.officer)).json()
    orders = [order(str(number), worker_ref=f"w{number % 3}") for number in range(20)]
    source = platform_source(platform)
    await insurance.publish(*orders, orders[0], orders[5], source=source)
    await insurance.publish(*orders[:10], source=source)
    await insurance.settled()
    assert await ledger_of(platform) == (20, 20, Decimal("1.40"))
    after = (await insurance.http.get("/v1/statistics", headers=insurance.officer)).json()
    assert after["orders"] - before["orders"] == 20
    assert Decimal(after["premium"]) - Decimal(before["premium"]) == Decimal("1.40")


class Unsure:
    """A collection whose bulk inserts are stored, and of which no majority says so in time, now and then."""

    def __init__(self, collection: Any, faults: list[str]) -> None:
        self.collection, self.faults = collection, faults

    async def insert_many(self, rows: Sequence[Row], **options: Any) -> None:
        fault: BulkWriteError | None = None
        try:
            await self.collection.insert_many(rows, **options)
        except BulkWriteError as error:
            fault = error
        if self.faults and self.faults[0] == self.collection.name:
            self.faults.pop(0)
            details = (fault.details or {}) if fault else {"writeErrors": []}
            raise BulkWriteError({**details, "writeConcernErrors": [{"code": 64, "errmsg": "timed out"}]})
        if fault is not None:
            raise fault


async def test_orders_that_no_majority_confirms_are_charged_once(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are not put aside as dead letters either."""
    faults = ["ledger", "ledger", "sheets"]
    monkeypatch.setattr(bulk, "collection_of", lambda document: Unsure(collection_of(document), faults))
    await insurance.publish(*[order(str(number)) for number in range(5)], source=platform_source(platform))
    await insurance.settled()
    assert faults == []
    assert await ledger_of(platform) == (5, 5, Decimal("0.35"))
    assert await insurance.process.dead_letters() == []


async def test_an_order_told_again_stays_as_it_was_first_told(insurance: Harness, platform: str) -> None:
    await charge(platform, order("1"), order("1", industry="freight"))
    await charge(platform, order("1", "2026-10-02 12:30", worker_ref="w2"))
    await insurance.settled()
    assert await ledger_of(platform) == (1, 1, Decimal("0.07"))


async def test_orders_without_a_rate_are_counted_and_not_charged(insurance: Harness, platform: str) -> None:
    await charge(
        platform,
        order("1", industry="courier"),
        order("2", "2022-06-30 23:59", industry="freight"),
        order("3", "2022-07-01 00:01", industry="freight"),
    )
    assert await ledger_of(platform) == (3, 1, Decimal("0.20"))


async def test_an_order_is_charged_in_every_state_of_its_engagement(insurance: Harness, platform: str) -> None:
    await insurance.publish(
        engagement(EngagementStarted, platform),
        engagement(EngagementBlocked, platform, version=2),
        engagement(EngagementEnded, platform, "w2", ended_on="2026-09-01"),
    )
    await insurance.settled()
    await charge(platform, order("1"), order("2", worker_ref="w2"), order("3", worker_ref="nobody"))
    assert await ledger_of(platform) == (3, 3, Decimal("0.21"))


async def test_a_labour_relation_told_late_takes_the_charge_back(insurance: Harness, platform: str) -> None:
    """It is told after its orders, and given up again in part and in whole."""
    days = ("2026-09-04", "2026-09-05", "2026-10-10", "2026-10-11")
    await charge(platform, *(order(day, f"{day} 12:30") for day in days), order("other", worker_ref="w2"))
    employed = {"relation": "employment", "started_on": "2026-09-05"}
    await insurance.publish(engagement(EngagementBlocked, platform, **employed))
    await insurance.settled()
    assert await ledger_of(platform) == (5, 2, Decimal("0.14"))
    await insurance.publish(engagement(EngagementEnded, platform, version=2, ended_on="2026-10-10", **employed))
    await insurance.settled()
    assert await ledger_of(platform) == (5, 3, Decimal("0.21"))
    await insurance.publish(engagement(EngagementCorrected, platform, version=3, ended_on="2026-10-10"))
    await insurance.settled()
    assert await ledger_of(platform) == (5, 5, Decimal("0.35"))
    assert await adjusted(insurance, platform) == [
        (-3, "-0.21", "employment"),
        (1, "0.07", "employment"),
        (2, "0.14", "employment"),
    ]


async def test_orders_after_a_known_labour_relation_are_not_charged(insurance: Harness, platform: str) -> None:
    await insurance.publish(
        worker(f"person-{platform}-w1"), engagement(EngagementActivated, platform, relation="employment")
    )
    await insurance.settled()
    await charge(platform, order("1"), order("2", "2026-08-31 12:30"), order("3", worker_ref="w2"))
    assert await ledger_of(platform) == (3, 2, Decimal("0.14"))


async def test_a_class_told_after_orders_prices_them_again(insurance: Harness, platform: str) -> None:
    await charge(
        platform, order("1", "2026-09-10 12:30"), order("2", "2026-09-20 12:30"), order("3", industry="freight")
    )
    await insurance.publish(enterprise(platform, ("2026-09-15", "b")))
    await insurance.settled()
    assert await ledger_of(platform) == (3, 3, Decimal("0.68"))
    await insurance.publish(enterprise(platform, ("2026-09-15", "b"), ("2026-09-20", "a")))
    await insurance.settled()
    assert await ledger_of(platform) == (3, 3, Decimal("0.50"))
    assert await adjusted(insurance, platform) == [(0, "0.36", "delivery_class"), (0, "-0.18", "delivery_class")]


async def test_a_class_that_an_officer_sets_holds_from_its_day_on(insurance: Harness, platform: str) -> None:
    await insurance.publish(enterprise(platform, ("2026-08-01", "a")))
    await insurance.settled()
    await charge(platform, *(order(day, f"2026-{day} 12:30") for day in ("08-31", "09-14", "09-15", "10-01")))
    path = f"/v1/platforms/{platform}/delivery-classes"
    answer = await insurance.http.put(f"{path}/2026-09-15", json={"class": "b"}, headers=insurance.officer)
    assert answer.status_code == 200
    await insurance.settled()
    assert await ledger_of(platform) == (4, 4, Decimal("0.64"))
    shown = (await insurance.http.get(path, headers=bearer("platform", uscc=platform))).json()
    assert shown == [
        {"since": "2026-08-01", "class": "a", "assigned": False},
        {"since": "2026-09-15", "class": "b", "assigned": True},
    ]


async def test_only_an_officer_of_the_city_sets_a_class(insurance: Harness, platform: str) -> None:
    """A class can be set only for a credit code."""
    path = f"/v1/platforms/{platform}/delivery-classes/2026-09-15"
    district = bearer("officer", department="hrss", district="510603")
    for headers in (district, bearer("platform", uscc=platform)):
        assert (await insurance.http.put(path, json={"class": "b"}, headers=headers)).status_code == 403
    wrong = await insurance.http.put(
        "/v1/platforms/123/delivery-classes/2026-09-15", json={"class": "b"}, headers=insurance.officer
    )
    assert wrong.status_code == 422
    unknown = await insurance.http.put(path, json={"class": "c"}, headers=insurance.officer)
    assert unknown.status_code == 422


async def set_rate(insurance: Harness, platform: str, since: str, kind: str, value: str, **headers: str) -> int:
    answer = await insurance.http.put(
        f"/v1/platforms/{platform}/rates/instant_delivery/{since}",
        json={"kind": kind, "value": value, "document": "德人社办〔2026〕1号"},
        headers=insurance.officer | headers,
    )
    await insurance.settled()
    return answer.status_code


async def test_an_own_rate_prices_orders_again_from_its_day_on(insurance: Harness, platform: str) -> None:
    await charge(platform, *(order(day, f"2026-{day} 12:30") for day in ("08-31", "09-14", "09-15", "10-01")))
    assert await set_rate(insurance, platform, "2026-09-15", "factor", "1.5") == 200
    assert await ledger_of(platform) == (4, 4, Decimal("0.350"))
    await charge(platform, order("later", "2026-10-02 12:30"))
    assert await ledger_of(platform) == (5, 5, Decimal("0.455"))
    assert await set_rate(insurance, platform, "2026-10-01", "amount", "0.05") == 200
    assert await ledger_of(platform) == (5, 5, Decimal("0.345"))
    assert await adjusted(insurance, platform) == [(0, "0.04", "rate"), (0, "0.04", "rate"), (0, "-0.11", "rate")]


async def test_a_rate_is_changed_only_by_whoever_has_seen_it(insurance: Harness, platform: str) -> None:
    await charge(platform, order("1"))
    assert await set_rate(insurance, platform, "2026-09-01", "amount", "0.10") == 200
    assert await set_rate(insurance, platform, "2026-09-01", "amount", "0.20") == 428
    assert await set_rate(insurance, platform, "2026-09-01", "amount", "0.20", **{"If-Match": '"7"'}) == 412
    assert await ledger_of(platform) == (1, 1, Decimal("0.10"))
    assert await set_rate(insurance, platform, "2026-09-01", "amount", "0.20", **{"If-Match": '"1"'}) == 200
    assert await ledger_of(platform) == (1, 1, Decimal("0.20"))


async def test_a_platform_sees_its_rates_and_what_they_rest_on(insurance: Harness, platform: str) -> None:
    await insurance.publish(enterprise(platform, ("2026-01-01", "b")))
    await insurance.settled()
    await set_rate(insurance, platform, "2026-09-15", "factor", "1.2")
    path, own = f"/v1/platforms/{platform}/rates", bearer("platform", uscc=platform)
    shown = (await insurance.http.get(path, params={"industry": "instant_delivery"}, headers=own)).json()
    assert [(one["since"], one["premium"], one["why"], one["document"]) for one in shown[-2:]] == [
        ("2025-07-01", "0.25", "declared_class", None),
        ("2026-09-15", "0.300", "own_rate", "德人社办〔2026〕1号"),
    ]
    assert [one["key"] for one in shown[-1]["used"]] == ["oip.premium_per_order"]
    every = (await insurance.http.get(path, headers=insurance.officer)).json()
    assert {one["industry"]: one["reason"] for one in every}["courier"] == "no_rate"
    other = bearer("platform", uscc=new_platform())
    assert (await insurance.http.get(path, headers=other)).status_code == 403


async def test_only_an_officer_of_the_city_sets_a_rate(insurance: Harness, platform: str) -> None:
    """A rate can be set only where the industry has one on that day."""
    body = {"kind": "factor", "value": "1.2", "document": "1号"}
    path = f"/v1/platforms/{platform}/rates"
    for headers in (bearer("officer", department="hrss", district="510603"), bearer("platform", uscc=platform)):
        answer = await insurance.http.put(f"{path}/freight/2026-09-01", json=body, headers=headers)
        assert answer.status_code == 403
    for place, changes in (
        ("courier/2026-09-01", {}),
        ("freight/2022-06-30", {}),
        ("freight/2026-09-01", {"value": "0"}),
        ("freight/2026-09-01", {"value": "-1"}),
        ("freight/2026-09-01", {"kind": "other"}),
    ):
        answer = await insurance.http.put(f"{path}/{place}", json=body | changes, headers=insurance.officer)
        assert answer.status_code == 422


async def test_a_rate_published_late_prices_orders_again(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the month on that an officer names, for one platform or for all."""
    other = new_platform()
    for one in (platform, other):
        await charge(one, *(order(month, f"{month}-12 12:30", industry="freight") for month in ("2026-08", "2026-09")))
    dearer = [_with_rate(one, "freight", "0.30") if one.key == rates.RATE else one for one in parameters]
    monkeypatch.setattr(rates, "parameters", type(parameters)(dearer))
    rates.rate.cache_clear()
    try:
        headers = insurance.officer
        body = {"since": "2026-09", "platform": platform}
        answer = await insurance.http.post("/v1/repricings", json=body, headers=headers)
        assert (answer.status_code, answer.json()) == (202, {"platforms": [platform]})
        await insurance.settled()
        assert await ledger_of(platform) == (2, 2, Decimal("0.48"))
        assert await ledger_of(other) == (2, 2, Decimal("0.36"))
        answer = await insurance.http.post("/v1/repricings", json={"since": "2026-08"}, headers=insurance.officer)
        assert {platform, other} <= set(answer.json()["platforms"])
        await insurance.settled()
        assert await ledger_of(platform) == (2, 2, Decimal("0.60"))
        assert await ledger_of(other) == (2, 2, Decimal("0.60"))
        assert await adjusted(insurance, other) == [(0, "0.12", "rate"), (0, "0.12", "rate")]
    finally:
        rates.rate.cache_clear()


def _with_rate(parameter: Parameter, industry: str, value: str) -> Parameter:
    rows = [
        row.model_copy(update={"value": value}) if row.scope.industry == industry and row.verified else row
        for row in parameter.rows
    ]
    return parameter.model_copy(update={"rows": tuple(rows)})


async def test_an_engagement_stored_meanwhile_corrects_its_orders(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is stored while its orders are being written."""
    await charge(platform, order("earlier", worker_ref="w2"))
    late = engagement(EngagementActivated, platform, relation="employment")

    async def meanwhile() -> None:
        await transact(lambda tx: _keep(late, tx))

    _before(monkeypatch, "insert_new", meanwhile)
    await charge(platform, order("1"), order("2", worker_ref="w2"))
    await insurance.settled()
    assert await ledger_of(platform) == (3, 2, Decimal("0.14"))


async def test_a_try_that_died_before_its_second_look_is_made_good(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next try of the same orders corrects what the dead one charged."""
    late = engagement(EngagementActivated, platform, relation="employment")

    async def change_and_die() -> None:
        await transact(lambda tx: _keep(late, tx))
        raise Died

    with monkeypatch.context() as patch:
        _after(patch, "write_sheets", change_and_die)
        with pytest.raises(Died):
            await charge(platform, order("1"), order("2", worker_ref="w2"))
    await insurance.settled()
    assert await ledger_of(platform) == (2, 2, Decimal("0.14"))
    await charge(platform, order("1"), order("2", worker_ref="w2"))
    await insurance.settled()
    assert await ledger_of(platform) == (2, 1, Decimal("0.07"))


async def test_a_try_that_died_before_its_sheets_is_finished(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next try writes the sheets of the entries that the dead one wrote."""
    orders = [order(str(number), worker_ref=f"w{number % 7}") for number in range(150)]
    with monkeypatch.context() as patch:
        _before(patch, "write_sheets", _die)
        with pytest.raises(Died):
            await charge(platform, *orders[:120])
    await charge(platform, *orders[60:])
    await charge(platform, *orders[:60])
    assert await ledger_of(platform) == (150, 150, Decimal("10.50"))


async def test_a_writer_that_was_only_slow_adds_nothing_twice(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [order(str(number)) for number in range(5)]

    async def another_takes_over() -> None:
        patch.undo()
        await charge(platform, *orders)

    with monkeypatch.context() as patch:
        _before(patch, "write_sheets", another_takes_over)
        with pytest.raises(SheetTaken):
            await charge(platform, *orders)
    await charge(platform, *orders)
    assert await ledger_of(platform) == (5, 5, Decimal("0.35"))


async def test_two_that_correct_the_same_order_at_once_correct_it_once(insurance: Harness, platform: str) -> None:
    await charge(platform, order("1"))
    employed = engagement(EngagementActivated, platform, relation="employment")
    await transact(lambda tx: _keep(employed, tx))
    one = await repricing.corrections(platform, [f"{platform}|1"])
    other = await repricing.corrections(platform, [f"{platform}|1"])
    await transact(lambda tx: repricing.store(one.rows, tx))
    with pytest.raises(Exception, match=r"E11000|duplicate|holds another"):
        await transact(lambda tx: repricing.store(other.rows, tx))
    assert (await repricing.corrections(platform, [f"{platform}|1"])).rows == []
    assert await ledger_of(platform) == (1, 0, Decimal(0))


async def test_a_pricing_that_a_change_back_has_overtaken_is_put_right(insurance: Harness, platform: str) -> None:
    """The change back finds nothing to correct, since what the change demanded is stored only after it."""
    await charge(platform, order("1"))
    employed = engagement(EngagementActivated, platform, relation="employment")
    await transact(lambda tx: _keep(employed, tx))
    due = Due("slow", WorkerToReprice(platform, "w1"), 1)
    made = await reprice_worker.attempt(due)
    back = engagement(EngagementCorrected, platform, version=2)
    await insurance.publish(worker(f"person-{platform}-w1"), back)
    await insurance.settled()
    assert await ledger_of(platform) == (1, 1, Decimal("0.07"))
    await transact(partial(reprice_worker.finish, due, made))
    await insurance.settled()
    assert await ledger_of(platform) == (1, 1, Decimal("0.07"))


async def test_orders_priced_by_the_terms_of_now_are_not_read_again(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a worker's nor a platform's: whoever has corrected them looks at the terms only."""
    looks: list[str] = []
    corrections = repricing.corrections

    async def counted(platform: str, charges: Iterable[str], worker_ref: str | None = None) -> repricing.Corrections:
        looks.append(worker_ref or "all")
        return await corrections(platform, charges, worker_ref)

    monkeypatch.setattr(repricing, "corrections", counted)
    await charge(platform, order("1"), order("2"))
    await insurance.publish(
        worker(f"person-{platform}-w1"), engagement(EngagementActivated, platform, relation="employment")
    )
    await insurance.settled()
    assert await ledger_of(platform) == (2, 0, Decimal(0))
    assert looks == ["w1"]

    await charge(platform, order("3", worker_ref="w2"))
    await insurance.publish(enterprise(platform, ("2026-09-01", "b")))
    await insurance.settled()
    assert await ledger_of(platform) == (3, 1, Decimal("0.25"))
    assert looks == ["w1", "all"]


async def test_many_corrections_are_stored_in_parts(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repricing, "CORRECTIONS_AT_ONCE", 3)
    for first in range(0, 20, 5):
        await charge(platform, *(order(str(number)) for number in range(first, first + 5)))
    await insurance.publish(enterprise(platform, ("2026-09-01", "b")))
    await insurance.settled()
    assert await ledger_of(platform) == (20, 20, Decimal("5.00"))
    await insurance.publish(
        worker(f"person-{platform}-w1"), engagement(EngagementActivated, platform, relation="employment")
    )
    await insurance.settled()
    assert await ledger_of(platform) == (20, 0, Decimal("0.00"))


async def read_orders(insurance: Harness, headers: dict[str, str], path: str = "/v1/orders", **params: str) -> Row:
    answer = await insurance.http.get(path, params={"month": "2026-09", **params}, headers=headers)
    assert answer.status_code == 200, answer.text
    page: Row = answer.json()
    return page


async def test_a_platform_sees_its_orders_with_charge_and_corrections(insurance: Harness, platform: str) -> None:
    await charge(
        platform,
        order("1"),
        order("2", worker_ref="w2"),
        order("3", worker_ref="w2", industry="courier"),
        order("4", "2026-10-01 00:01"),
    )
    started = {"relation": "employment", "started_on": "2026-09-01"}
    await insurance.publish(worker(f"person-{platform}-w1"), engagement(EngagementActivated, platform, **started))
    await insurance.settled()
    page = await read_orders(insurance, bearer("platform", uscc=platform))
    assert page["next"] is None
    shown = {one["order_id"]: one for one in page["items"]}
    assert shown.keys() == {"1", "2", "3"}
    assert (shown["1"]["charged"], shown["1"]["premium"], shown["1"]["worker_id"]) == (
        False,
        "0.00",
        f"person-{platform}-w1",
    )
    assert shown["1"]["charge"] == {"orders": 1, "premium": "0.07", "law": "a 2025-07-01", "reason": None}
    [correction] = shown["1"]["corrections"]
    assert (correction["orders"], correction["premium"], correction["reason"]) == (-1, "-0.07", "employment")
    assert (shown["2"]["charged"], shown["2"]["premium"], shown["2"]["worker_id"]) == (True, "0.07", None)
    assert (shown["3"]["charged"], shown["3"]["charge"]["reason"]) == (False, "no_rate")
    only = await read_orders(insurance, insurance.officer, platform=platform, worker_ref="w2")
    assert sorted(one["order_id"] for one in only["items"]) == ["2", "3"]


async def test_orders_are_paged_over_sheets(insurance: Harness, platform: str) -> None:
    for first in range(0, 12, 4):
        await charge(platform, *(order(str(number), worker_ref=f"w{number % 2}") for number in range(first, first + 4)))
    for more, expected in ({}, set(range(12))), ({"worker_ref": "w1"}, set(range(1, 12, 2))):
        seen: list[int] = []
        params = {"platform": platform, "limit": "5", **more}
        while True:
            page = await read_orders(insurance, insurance.officer, **params)
            assert len(page["items"]) <= 5
            seen += [int(one["order_id"]) for one in page["items"]]
            if page["next"] is None:
                break
            params["cursor"] = page["next"]
        assert (len(seen), set(seen)) == (len(expected), expected)


async def test_a_worker_sees_the_own_orders_on_every_platform(insurance: Harness, platform: str) -> None:
    other, person = new_platform(), f"person-{platform}-w1"
    await charge(platform, order("1"), order("2", worker_ref="w2"), order("3", "2026-10-01 00:01"))
    await charge(other, order("4", worker_ref="x"), order("5"))
    await insurance.publish(
        worker(person),
        engagement(EngagementActivated, platform),
        engagement(EngagementActivated, other, "x", worker_id=person),
    )
    await insurance.settled()
    own = bearer("worker", worker_id=person)
    seen: set[tuple[str, str]] = set()
    params = {"limit": "1"}
    while True:
        page = await read_orders(insurance, own, "/v1/workers/me/orders", **params)
        seen |= {(one["platform"], one["order_id"]) for one in page["items"]}
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert seen == {(platform, "1"), (other, "4")}


async def test_orders_are_shown_only_to_whom_they_concern(insurance: Harness, platform: str) -> None:
    await charge(platform, order("1"), order("2", district="510681"))
    asked = {"month": "2026-09", "platform": platform}
    for headers in (bearer("platform", uscc=new_platform()), bearer("worker", worker_id="p1"), bearer("union")):
        assert (await insurance.http.get("/v1/orders", params=asked, headers=headers)).status_code == 403
    district = bearer("officer", department="hrss", district="510681")
    assert [one["order_id"] for one in (await read_orders(insurance, district, platform=platform))["items"]] == ["2"]
    answer = await insurance.http.get("/v1/orders", params={"month": "2026-09"}, headers=insurance.officer)
    assert answer.status_code == 422
    answer = await insurance.http.get("/v1/orders", params={**asked, "cursor": "WzFd"}, headers=insurance.officer)
    assert answer.status_code == 400


class Died(BaseException):
    """The process is gone."""


async def _die() -> None:
    raise Died


async def _keep(fact: Any, tx: Transaction) -> None:
    """Only the own copy changes: what the change itself would price again is done by nobody."""
    await footing.record(fact, "active", tx)


def _before(patch: pytest.MonkeyPatch, name: str, act: Callable[[], Awaitable[None]]) -> None:
    original = getattr(charging, name)

    async def instead(entries: Sequence[Row]) -> Any:
        await act()
        return await original(entries)

    patch.setattr(charging, name, instead)


def _after(patch: pytest.MonkeyPatch, name: str, act: Callable[[], Awaitable[None]]) -> None:
    original = getattr(charging, name)

    async def instead(entries: Sequence[Row]) -> Any:
        await original(entries)
        await act()

    patch.setattr(charging, name, instead)


async def test_what_a_platforms_row_counts_is_read_no_earlier(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the instant of the row or later."""
    await insurance.publish(engagement(EngagementActivated, platform, relation="employment"))
    await insurance.settled()
    reads: list[tuple[str, bool, Any]] = []

    def note(_: Any, event: CommandStartedEvent) -> None:
        concern = event.command.get("readConcern", {})
        if event.command_name == "find" and event.command["find"] != "timers":  # that look is another loop's
            reads.append((event.command["find"], "afterClusterTime" in concern, event.command["lsid"]))

    monkeypatch.setattr(StatementCounter, "started", note)
    known = (await Book().read([platform]))[platform]
    assert known.change == 1
    assert [(name, ordered) for name, ordered, _ in reads] == [
        ("platforms", False),
        ("footings", True),
        ("rates", True),
    ]
    assert len({str(session) for _, _, session in reads}) == 1
