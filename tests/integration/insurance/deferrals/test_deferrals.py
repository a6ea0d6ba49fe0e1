"""An employer asks to pay its dues later, two officers decide, and the term comes to its end."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import httpx2
import pytest
import time_machine

from services.insurance.deferrals import commands
from services.insurance.deferrals.documents import Deferral
from services.insurance.dues import arrears_commands
from services.insurance.dues import commands as dues
from services.insurance.dues.documents import MonthDue
from services.insurance.liability.commands import _due_on
from shared import clock
from shared.contracts.insurance import (
    DeferralAsked,
    DeferralDecided,
    DeferralEnded,
    DuesMonthOverdue,
    DuesOverdue,
)
from shared.policy import calendar
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness, bearer
from tests.integration.insurance.dues.test_dues import EARLIER, LAST, PAY_BY, Employee

PATH = "/v1/deferrals"
GUARANTEE = {"kind": "mortgage", "value": "50000.00", "text": "厂房抵押，李测试名下"}
ASKED = {"ground": "force_majeure", "months": [EARLIER, LAST], "why": "受灾停产", "guarantee": GUARANTEE}


def today() -> dt.date:
    return calendar.shanghai_date(clock.now())


async def ask(person: Employee, **changes: Any) -> httpx2.Response:
    headers = person.insurance.headers("platform", uscc=person.platform)
    return await person.insurance.http.post(PATH, json=ASKED | changes, headers=headers)


async def step(insurance: Harness, key: str, name: str, who: str, body: Any = None) -> httpx2.Response:
    headers = bearer("officer", sub=who, department="hrss", district="510600")
    seen = (await insurance.http.get(f"{PATH}/{key}", headers=headers)).headers["etag"]
    return await insurance.http.post(f"{PATH}/{key}/{name}", json=body, headers=headers | {"If-Match": seen})


async def granted(person: Employee, last: dt.date, **changes: Any) -> str:
    asked = await ask(person, **changes)
    assert asked.status_code == 201, asked.text
    key = str(asked.json()["deferral_id"])
    body = {"outcome": "grant", "last": f"{last}", "reason": "情况属实"}
    proposed = await step(person.insurance, key, "proposal", "one", body)
    assert proposed.status_code == 200, proposed.text
    confirmed = await step(person.insurance, key, "confirmation", "two")
    assert confirmed.status_code == 200, confirmed.text
    return key


async def test_two_officers_put_off_what_is_owed(insurance: Harness) -> None:
    """Within the term nothing is missed, and no late fee grows; what grew before stays."""
    person = Employee(insurance)
    await person.employ()
    overdue = {"ground": "agreement", "months": [EARLIER]}
    assert (await ask(person, **overdue, guarantee=None)).json()["type"] == "/problems/guarantee-missing"
    asked = (await ask(person)).json()
    key, last = asked["deferral_id"], today() + dt.timedelta(days=60)
    assert "李测试" not in repr(await collection_of(Deferral).find_one({"_id": key}))
    assert (await ask(person, months=[LAST])).json()["type"] == "/problems/deferred-already"
    bare = await step(insurance, key, "proposal", "one", {"outcome": "grant", "reason": "x"})
    assert (bare.status_code, bare.json()["type"]) == (422, "/problems/term-missing")
    assert (await step(insurance, key, "confirmation", "two")).status_code == 409
    body = {"outcome": "grant", "last": f"{last}", "reason": "情况属实"}
    proposed = await step(insurance, key, "proposal", "one", body)
    assert (proposed.json()["state"], proposed.json()["longest"]) == ("proposed", None)
    own = insurance.headers("platform", uscc=person.platform)
    shown = (await insurance.http.get(f"{PATH}/{key}", headers=own)).json()
    assert (shown["proposal"], shown["last"]) == (None, None)
    assert (await step(insurance, key, "confirmation", "one")).json()["type"] == "/problems/second-officer-needed"
    done = (await step(insurance, key, "confirmation", "two")).json()
    assert (done["state"], done["first"], done["used"]) == ("granted", f"{today()}", [])
    assert [fact.months for fact in await person.told(DeferralAsked)] == [(EARLIER, LAST)]
    [decided] = await person.told(DeferralDecided)
    assert (decided.granted, decided.last_day.isoformat()) == (True, done["last"])
    for month in (EARLIER, LAST):
        await person.lapse(month)
    assert {*(await person.states()).values()} == {"owed"}
    await transact(lambda tx: arrears_commands.lapse(f"{person.platform}|{LAST}", tx))
    assert await person.told(DuesOverdue) == await person.told(DuesMonthOverdue) == []
    letter = await insurance.http.get(f"/v1/unit-months/{person.platform}|{LAST}/letter", headers=insurance.officer)
    assert letter.status_code == 409
    months = (await insurance.http.get("/v1/unit-months", headers=own)).json()["items"]
    assert {one["deferred"]["last"] for one in months if one["month"] in (EARLIER, LAST)} == {done["last"]}


@pytest.mark.parametrize("paid", [True, False])
async def test_at_its_end_it_was_paid_or_falls_due(insurance: Harness, paid: bool) -> None:
    person = Employee(insurance)
    await person.employ()
    await person.pay(EARLIER)
    key = await granted(person, today() + dt.timedelta(days=30), months=[LAST])
    if paid:
        await person.pay(LAST)
    one = await Deferral.of(key)
    assert one is not None
    assert one.last is not None
    over = calendar.end_of_day(one.last) + dt.timedelta(days=4)
    with time_machine.travel(over, tick=True):
        await transact(lambda tx: commands.end(key, tx))
        if not paid:
            await transact(lambda tx: dues.lapse(person.id_of(LAST), tx))
            await transact(lambda tx: arrears_commands.lapse(f"{person.platform}|{LAST}", tx))
    [ended] = await person.told(DeferralEnded)
    assert (ended.outcome, ended.ended_on) == ("paid" if paid else "unpaid", one.last)
    assert [fact.due_on for fact in await person.told(DuesMonthOverdue)] == ([] if paid else [one.last])
    assert (await ask(person, months=[LAST])).status_code == 201


async def test_a_breach_ends_it_today(insurance: Harness) -> None:
    """Two officers find it; from tomorrow on the late fee grows again."""
    person = Employee(insurance)
    await person.employ()
    key = await granted(person, today() + dt.timedelta(days=90))
    early = await step(insurance, key, "proposal", "one", {"outcome": "refuse", "reason": "x"})
    assert early.status_code == 409
    found = {"outcome": "breach", "reason": "担保物已转移"}
    assert (await step(insurance, key, "proposal", "one", found)).json()["state"] == "granted"
    assert (await step(insurance, key, "confirmation", "one")).status_code == 409
    done = (await step(insurance, key, "confirmation", "two")).json()
    assert (done["state"], done["ended_on"]) == ("breached", f"{today()}")
    due = await MonthDue.of(person.id_of(LAST))
    assert due is not None
    assert due.deferred is not None
    assert due.deferred.last == today()
    await transact(lambda tx: commands.end(key, tx))  # the end of its term comes to nothing
    assert [fact.outcome for fact in await person.told(DeferralEnded)] == ["breached"]


async def test_what_is_refused_or_taken_back_is_due_as_before(insurance: Harness) -> None:
    person, other = Employee(insurance), Employee(insurance)
    await person.employ()
    key = (await ask(person)).json()["deferral_id"]
    theirs = insurance.headers("platform", uscc=other.platform)
    assert (await insurance.http.get(f"{PATH}/{key}", headers=theirs)).status_code == 404
    await step(insurance, key, "proposal", "one", {"outcome": "refuse", "reason": "无不可抗力"})
    done = (await step(insurance, key, "confirmation", "two")).json()
    assert (done["state"], done["decided"]["reason"]) == ("refused", "无不可抗力")
    again = await ask(person)
    path = f"{PATH}/{again.json()['deferral_id']}/withdrawal"
    own = bearer("platform", uscc=person.platform)
    assert (await insurance.http.post(path, headers=theirs | {"If-Match": '"1"'})).status_code == 404
    taken = await insurance.http.post(path, headers=own | {"If-Match": again.headers["etag"]})
    assert taken.json()["state"] == "withdrawn"
    assert [fact.outcome for fact in await person.told(DeferralEnded)] == ["withdrawn"]
    await person.lapse(LAST)
    assert (await person.states())[LAST] == "overdue"
    detail = await person.detail(LAST)
    assert all(one["late_fee"] is None or Decimal(one["late_fee"]) >= 0 for one in detail["insurances"])


async def test_this_month_may_be_put_off_by_law(insurance: Harness) -> None:
    """Before it is over: the person's month is deferred when it is made."""
    person, month = Employee(insurance), f"{today():%Y-%m}"
    await person.employ()
    wanted = {"ground": "force_majeure", "months": [month], "guarantee": None}
    too_short = await ask(person, **wanted)
    key = too_short.json()["deferral_id"]
    soon = {"outcome": "grant", "last": f"{today() + dt.timedelta(days=1)}", "reason": "x"}
    refused = await step(insurance, key, "proposal", "one", soon)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/term-too-short")
    late = {"outcome": "grant", "last": f"{today() + dt.timedelta(days=100)}", "reason": "暴雨"}
    assert (await step(insurance, key, "proposal", "one", late)).status_code == 200
    assert (await step(insurance, key, "confirmation", "two")).json()["state"] == "granted"
    next_month = calendar.start_of_day(calendar.months_after(today().replace(day=1), 1))
    with time_machine.travel(next_month, tick=True):
        await transact(lambda tx: dues.follow([person.worker_id], tx))
    due = await MonthDue.of(person.id_of(month))
    assert due is not None
    assert due.deferred is not None


def test_a_deferred_month_is_no_default_at_an_injury() -> None:
    """So that what the worker gets stays the fund's (社会保险法 art. 41)."""
    until = PAY_BY + dt.timedelta(days=60)
    assert _due_on(None, {}, LAST) == PAY_BY
    assert _due_on(None, {LAST: until}, LAST) == until
