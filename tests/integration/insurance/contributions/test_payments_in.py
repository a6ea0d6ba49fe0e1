"""What was paid in: pulled or told, in any order, any number of times, for persons known or not yet."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import partial
from typing import Any

import httpx2
import pytest

from services.insurance.billing.documents import Bill
from services.insurance.contributions.documents import Contribution
from services.insurance.differences.documents import Difference
from services.insurance.exchange import commands
from services.insurance.persons import commands as persons
from services.insurance.persons.documents import Holder
from shared import clock
from shared.contracts.insurance import BillPaid, ContributionRecorded
from shared.contracts.registry import WorkerMerged, WorkerRegistered
from shared.ids import new_id
from shared.storage.client import collection_of
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer, eventually
from tests.integration.insurance.facts import new_platform
from tests.integration.insurance.paid_in import contribution, new_id_number, registered, tell
from tests.unit.identity.numbers import make


@pytest.fixture
def id_number() -> str:
    return new_id_number()


async def add(province: httpx2.AsyncClient, *items: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await province.post("/sandbox/records", json={"items": list(items)})
    assert answer.is_success, answer.text
    return list(answer.json()["items"])


async def pull(insurance: Harness) -> None:
    async def ask(tx: Transaction) -> None:
        tx.schedule(commands.PULL, commands.PULLED, clock.now())

    await transact(ask)
    await insurance.settled()


async def recorded(insurance: Harness, worker_id: str) -> list[ContributionRecorded]:
    return [fact for fact in await insurance.told(ContributionRecorded) if fact.worker_id == worker_id]


async def test_a_contribution_is_recorded_once_and_shown_to_its_worker(
    insurance: Harness, province: httpx2.AsyncClient, id_number: str
) -> None:
    worker_id = new_id()
    await insurance.publish(registered(worker_id, id_number))
    await insurance.settled()
    [item] = await add(province, contribution(id_number))
    await province.post("/sandbox/behaviour", json={"answer_twice": 1})
    await pull(insurance)
    await pull(insurance)
    assert (await tell(insurance, item)).status_code == 200
    [fact] = await recorded(insurance, worker_id)
    assert (fact.insurance, fact.month, fact.worker_amount, fact.reversed) == ("pension", "2026-09", "1000.00", False)
    mine = await insurance.http.get("/v1/workers/me/contributions", headers=bearer("worker", worker_id=worker_id))
    [shown] = mine.json()["items"]
    assert (shown["contribution_id"], shown["worker_amount"]) == (item["number"], "1000.00")
    others = await insurance.http.get("/v1/workers/me/contributions", headers=bearer("worker", worker_id="somebody"))
    assert others.json()["items"] == []


async def test_a_reversal_takes_the_place_of_the_booking(insurance: Harness, id_number: str) -> None:
    """The booking told once more after it, which is older, does not."""
    worker_id = new_id()
    await insurance.publish(registered(worker_id, id_number))
    await insurance.settled()
    booked = contribution(id_number, changed_at="2026-10-10T08:00:00+08:00")
    void = booked | {"reversed": True, "changed_at": "2026-10-12T08:00:00+08:00"}
    await tell(insurance, booked)
    await tell(insurance, void)
    await tell(insurance, booked)
    assert [fact.reversed for fact in await recorded(insurance, worker_id)] == [False, True]


async def test_what_was_paid_for_a_stranger_is_theirs_once_they_come(insurance: Harness, id_number: str) -> None:
    worker_id = new_id()
    await tell(insurance, contribution(id_number, changed_at="2026-10-10T08:00:00+08:00"))
    assert await recorded(insurance, worker_id) == []
    await insurance.publish(registered(worker_id, id_number))
    [fact] = await eventually(lambda: recorded(insurance, worker_id))
    assert fact.base == "5000.00"


async def test_what_was_kept_of_a_merged_record_is_the_other_ones(insurance: Harness, id_number: str) -> None:
    old, new = new_id(), new_id()
    await insurance.publish(registered(old, id_number))
    await insurance.settled()
    await tell(insurance, contribution(id_number, changed_at="2026-10-10T08:00:00+08:00"))
    await insurance.publish(WorkerMerged(worker_id=new, merged_worker_id=old))
    await insurance.publish(registered(old, id_number))
    await insurance.settled()
    shown = await insurance.http.get("/v1/workers/me/contributions", headers=bearer("worker", worker_id=new))
    assert len(shown.json()["items"]) == 1
    await tell(insurance, contribution(id_number, month="2026-10", changed_at="2026-11-10T08:00:00+08:00"))
    assert [fact.month for fact in await recorded(insurance, new)] == ["2026-10"]


async def test_a_payment_reaches_its_bill(insurance: Harness, province: httpx2.AsyncClient) -> None:
    """The payment of an unknown bill reaches an officer."""
    platform = new_platform()
    bill_id = f"{platform}|2026-09"
    payment = {"kind": "bill", "number": new_id(), "bill_id": bill_id, "amount": "60.00", "paid_on": "2026-10-20"}
    await add(province, payment)
    await pull(insurance)
    found = await Difference.find_one({"number": payment["number"]})
    assert found is not None
    assert (found.kind, found.state) == ("unknown_bill", "open")
    path = f"/v1/differences/{found.id}/resolution"

    async def again(revision: int) -> None:
        body = {"action": "put_right", "note": "账单已开具"}
        headers = {**insurance.officer, "If-Match": f'"{revision}"'}
        assert (await insurance.http.post(path, json=body, headers=headers)).status_code == 200
        await insurance.settled()

    await again(found.revision)
    still = await Difference.of(found.id)
    assert still is not None
    assert still.state == "open"
    await transact(lambda tx: _bill(bill_id, platform).put(tx))
    await again(still.revision)
    [paid] = [fact for fact in await insurance.told(BillPaid) if fact.bill_id == bill_id]
    assert (paid.payment_id, paid.amount, paid.outstanding) == (payment["number"], "60.00", "40.00")
    mended = await Difference.of(found.id)
    assert mended is not None
    assert mended.state == "mended"
    await pull(insurance)
    assert len([fact for fact in await insurance.told(BillPaid) if fact.bill_id == bill_id]) == 1


def _bill(bill_id: str, platform: str) -> Bill:
    return Bill(
        id=bill_id,
        platform=platform,
        month="2026-09",
        status="issued",
        orders=400,
        premium=Decimal("100.00"),
        due_on=dt.date(2099, 1, 5),
    )


async def test_a_number_told_of_another_person_is_an_officers_matter(insurance: Harness, id_number: str) -> None:
    booked = contribution(id_number, changed_at="2026-10-10T08:00:00+08:00")
    other = make("510603", dt.date(1970, 1, 1), 7)
    await tell(insurance, booked)
    await tell(insurance, booked | {"id_number": other, "changed_at": "2026-10-11T08:00:00+08:00"})
    found = await Difference.find_one({"number": booked["number"]})
    assert found is not None
    assert (found.kind, found.state) == ("other_person", "open")


async def test_only_the_province_tells_and_no_id_number_lies_in_clear(insurance: Harness, id_number: str) -> None:
    item = contribution(id_number, changed_at="2026-10-10T08:00:00+08:00")
    refused = await insurance.http.post("/v1/province/notices", json={"items": [item]}, headers=insurance.officer)
    assert refused.status_code == 403
    await tell(insurance, item)
    stored = [await collection_of(one).find().to_list(None) for one in (Contribution, Holder, Difference)]
    assert id_number not in repr(stored)


@pytest.mark.parametrize("at_once", [False, True])
async def test_whose_a_number_is_that_is_told_otherwise(insurance: Harness, at_once: bool) -> None:
    """Whether it is told in several transactions or in one: a wrong number is another's then, and one that is free is nobody's."""
    one, other, first, second, third = new_id(), new_id(), new_id_number(), new_id_number(), new_id_number()
    facts = [registered(one, first), registered(other, second), registered(one, third), registered(other, first)]

    async def take(said: list[WorkerRegistered], tx: Transaction) -> None:
        await persons.load_holders(said, tx)
        for fact in said:
            await persons.record_holder(fact, tx)

    async def merge(tx: Transaction) -> None:
        if at_once:
            await take(facts, tx)
        await persons.merge(WorkerMerged(worker_id=one, merged_worker_id=other), tx)

    for fact in [] if at_once else facts:
        await transact(partial(take, [fact]))
    await transact(merge)
    found = [await transact(partial(persons.holder_of, number)) for number in (first, second, third)]
    assert [holder.worker_id for holder in found] == [one, None, one]
