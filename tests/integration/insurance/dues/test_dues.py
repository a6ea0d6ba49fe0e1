"""Months that an employer owes: there when they are over, missed, paid late, taken back, declared, and reckoned."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import httpx2
import pytest

from services.insurance.dues import arrears_commands, commands
from services.insurance.dues.amounts import INSURANCES
from services.insurance.dues.commands import MonthOver
from services.insurance.dues.documents import EmployedPerson, MonthDue, UnitMonth
from services.insurance.dues.rules import law_day, pay_by
from shared import clock
from shared.contracts.insurance import DuesDeclared, DuesMonthOverdue, DuesNear, DuesOverdue, DuesSettled
from shared.contracts.registry import (
    EngagementActivated,
    EngagementCorrected,
    EngagementEnded,
    WorkerErased,
    WorkerMerged,
)
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.client import storage
from shared.storage.kinds import TimerKind
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.insurance.facts import engagement, new_platform
from tests.integration.insurance.paid_in import contribution, new_id_number, registered, tell

TODAY = calendar.shanghai_date(clock.now())
FIRST = calendar.months_after(TODAY.replace(day=1), -2)
EARLIER, LAST = f"{FIRST:%Y-%m}", f"{calendar.months_after(FIRST, 1):%Y-%m}"
"""The month before the last one, and the last one."""
BEFORE = f"{calendar.months_after(FIRST, -1):%Y-%m}"
DUE, PAY_BY = (pay_by(month, parameters.on(law_day(month))) for month in (EARLIER, LAST))
"""The last days of both."""


class Employee:
    """A person whom a platform has employed since the first day of `EARLIER`."""

    def __init__(self, insurance: Harness, ref: str = "w1", platform: str | None = None) -> None:
        self.insurance, self.ref = insurance, ref
        self.platform, self.id_number = platform or new_platform(), new_id_number()
        self.worker_id = f"person-{self.platform}-{ref}"

    async def employ(self, kind: Any = EngagementActivated, version: int = 1, **changes: Any) -> None:
        values = {"relation": "employment", "started_on": FIRST.isoformat(), "version": version} | changes
        await self.insurance.publish(
            registered(self.worker_id, self.id_number), engagement(kind, self.platform, self.ref, **values)
        )
        await self.insurance.settled()

    async def pay(self, month: str, *insurances: str, **changes: Any) -> list[dict[str, Any]]:
        values = {"month": month, "payer": self.platform, "changed_at": clock.now().isoformat()} | changes
        items = [contribution(self.id_number, insurance=one, **values) for one in insurances or INSURANCES]
        assert (await tell(self.insurance, *items)).is_success
        await self.insurance.settled()
        return items

    async def states(self) -> dict[str, str]:
        headers = self.insurance.headers("worker", worker_id=self.worker_id)
        items = (await self.insurance.http.get("/v1/workers/me/dues", headers=headers)).json()["items"]
        return {item["month"]: item["state"] for item in items}

    def id_of(self, month: str) -> str:
        return MonthDue.id_of(self.platform, self.worker_id, month)

    async def lapse(self, month: str) -> None:
        """Let the last day, and the days in which word of payments comes, be over."""
        await fire(commands.LAPSE, self.id_of(month))
        await self.insurance.settled()

    async def told(self, kind: Any) -> list[Any]:
        return [fact for fact in await self.insurance.told(kind) if fact.platform == self.platform]

    async def detail(self, month: str) -> dict[str, Any]:
        answer = await self.insurance.http.get(f"/v1/dues/{self.id_of(month)}", headers=self.insurance.officer)
        assert answer.status_code == 200
        return dict(answer.json())


async def fire(kind: TimerKind[Any], key: str) -> None:
    done = await storage().collection("timers").update_one({"_id": f"{kind}:{key}"}, {"$set": {"due_at": clock.now()}})
    assert done.matched_count == 1


async def waits(kind: TimerKind[Any], key: str) -> dt.datetime | None:
    row = await storage().collection("timers").find_one({"_id": f"{kind}:{key}"})
    return row["due_at"] if row else None


async def test_each_month_of_five_insurances_is_owed(insurance: Harness) -> None:
    """And what the employer paid, in whatever order it came, clears it."""
    person = Employee(insurance)
    early = contribution(
        person.id_number, month=LAST, payer=person.platform, insurance="work_injury", changed_at="2026-10-10T08:00:00Z"
    )
    await tell(insurance, early)
    await person.employ()
    assert await person.states() == {EARLIER: "owed", LAST: "owed"}
    await person.pay(LAST, "pension", "medical", "unemployment")
    assert (await person.states())[LAST] == "settled"
    assert (await person.detail(EARLIER))["missing"] == list(INSURANCES)
    assert await waits(commands.LAPSE, person.id_of(LAST)) is None
    assert await waits(commands.LAPSE, person.id_of(EARLIER)) is not None
    await person.pay(EARLIER, payer=None)
    await person.pay(EARLIER, payer=new_platform())
    assert (await person.states())[EARLIER] == "owed"


async def test_a_missed_month_is_told_and_paid_late(insurance: Harness) -> None:
    person = Employee(insurance)
    await person.employ()
    await person.pay(LAST)
    await person.pay(EARLIER, "pension", "medical")
    lapses_at = await waits(commands.LAPSE, person.id_of(EARLIER))
    assert lapses_at is not None
    assert lapses_at > clock.now() + dt.timedelta(days=1)
    await person.lapse(EARLIER)
    [fact] = await person.told(DuesOverdue)
    assert (fact.month, fact.insurances, fact.owed) == (EARLIER, ("unemployment", "work_injury"), None)
    assert await person.states() == {EARLIER: "overdue", LAST: "settled"}
    await person.pay(EARLIER, "unemployment")
    assert [one.insurances for one in await person.told(DuesOverdue)][-1] == ("work_injury",)
    paid = await person.pay(EARLIER, "work_injury")
    [settled] = await person.told(DuesSettled)
    assert (settled.month, settled.how, settled.engagement_id) == (EARLIER, "paid", f"{person.platform}-w1")
    later = (clock.now() + dt.timedelta(seconds=1)).isoformat()
    await tell(insurance, *[item | {"reversed": True, "changed_at": later} for item in paid])
    await insurance.settled()
    assert (await person.states())[EARLIER] == "owed"
    assert await waits(commands.LAPSE, person.id_of(EARLIER)) is not None


async def test_who_was_not_employed_after_all_is_owed_nothing(insurance: Harness) -> None:
    person = Employee(insurance)
    await person.employ()
    await person.lapse(EARLIER)
    await person.employ(EngagementCorrected, 2, relation="self_employed")
    assert await person.states() == {EARLIER: "void", LAST: "void"}
    assert [fact.how for fact in await person.told(DuesSettled)] == ["void"]
    await person.employ(EngagementCorrected, 3)
    assert await person.states() == {EARLIER: "owed", LAST: "owed"}
    ended = calendar.months_after(FIRST, 1) - dt.timedelta(days=1)
    await person.employ(EngagementEnded, 4, ended_on=ended.isoformat())
    assert await person.states() == {EARLIER: "owed", LAST: "void"}


async def test_an_employer_is_told_once_of_all_of_a_month(insurance: Harness) -> None:
    one, other = Employee(insurance), None
    await one.employ()
    other = Employee(insurance, "w2", one.platform)
    await other.employ()
    unit_month = f"{one.platform}|{EARLIER}"
    await transact(lambda tx: arrears_commands.remind(unit_month, tx))
    await other.pay(EARLIER)
    await transact(lambda tx: arrears_commands.remind(unit_month, tx))
    await one.lapse(EARLIER)
    await fire(commands.MONTH_LAPSE, unit_month)
    await insurance.settled()
    assert [(fact.month, fact.people) for fact in await one.told(DuesNear)] == [(EARLIER, 2), (EARLIER, 1)]
    assert [(fact.month, fact.people) for fact in await one.told(DuesMonthOverdue)] == [(EARLIER, 1)]
    await one.pay(EARLIER)
    await transact(lambda tx: arrears_commands.lapse(unit_month, tx))
    await transact(lambda tx: arrears_commands.remind(unit_month, tx))
    await insurance.settled()
    assert len([*await one.told(DuesMonthOverdue), *await one.told(DuesNear)]) == 3


async def test_a_month_that_is_over_is_looked_at_by_itself(insurance: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some people at a time, each once."""
    monkeypatch.setattr(commands, "AT_ONCE", 1)
    people = [Employee(insurance) for _ in range(2)]
    for person in people:
        await person.employ()
        await storage().collection("month_dues").delete_many({"worker_id": person.worker_id})
    assert await EmployedPerson.of(people[0].worker_id) is not None
    at = await waits(commands.MONTH, "next")
    assert at == calendar.start_of_day(calendar.months_after(TODAY.replace(day=1), 1))
    await (
        storage()
        .collection("timers")
        .update_one(
            {"_id": f"{commands.MONTH}:next"},
            {"$set": {"due_at": clock.now(), "payload": {"month": LAST, "after": ""}}},
        )
    )

    async def looked() -> bool:
        return all([len(await person.states()) == 2 for person in people])

    await eventually(looked)
    await insurance.settled()
    assert [await person.states() for person in people] == [{EARLIER: "owed", LAST: "owed"}] * 2


async def test_declared_wages_are_reckoned_with_what_a_person_sets(insurance: Harness) -> None:
    one = Employee(insurance)
    await one.employ()
    two = Employee(insurance, "w2", one.platform)
    await two.employ()
    own = insurance.headers("platform", uscc=one.platform)

    async def declare(wages: dict[str, str], headers: Any = None, **changes: Any) -> httpx2.Response:
        listed = [{"worker_id": worker, "wage": wage} for worker, wage in wages.items()]
        body = {"month": LAST, "wages": listed} | changes
        headers = headers or insurance.headers("platform", uscc=one.platform)
        return await insurance.http.post("/v1/wage-declarations", json=body, headers=headers)

    async def set_figure(kind: str, values: dict[str, str], **changes: Any) -> httpx2.Response:
        body = {"kind": kind, "since": FIRST.isoformat(), "values": values, "source": "德阳市通知"} | changes
        return await insurance.http.post("/v1/contribution-figures", json=body, headers=insurance.officer)

    assert (await declare({one.worker_id: "5000.00", "stranger": "1.00"})).status_code == 422
    assert (await declare({one.worker_id: "5000.00"}, month="2019-01")).status_code == 404
    assert (await declare({one.worker_id: "5000.00"}, unit=new_platform())).status_code == 403
    assert (await declare({one.worker_id: "4000.00"}, insurance.officer, unit=one.platform)).status_code == 201
    assert not (await declare({one.worker_id: "5000.00"})).json()["declared"]
    refused = await declare({one.worker_id: "9000.00"}, insurance.officer, unit=one.platform)
    assert refused.status_code == 409
    shown = (await declare({two.worker_id: "1000.00"})).json()
    assert (shown["declared"], shown["people"], set(shown["unknown"])) == (True, 2, set(INSURANCES) - {"maternity"})
    assert (await set_figure("base", {"floor": "4000", "cap": "20000"})).status_code == 201
    assert (await set_figure("medical", {"employer": "0.075", "worker": "0.02"})).status_code == 201
    assert (await set_figure("unemployment", {"employer": "0.006", "worker": "0.004"})).status_code == 201
    assert (await set_figure("work_injury", {"class": "2"})).status_code == 422
    assert (await set_figure("pension", {"employer": "0.16", "worker": "0.08"})).status_code == 409
    assert (await set_figure("work_injury", {"class": "2"}, unit=one.platform)).status_code == 201
    assert (await set_figure("base", {"floor": "4000", "cap": "20000"})).status_code == 201
    listed = (await insurance.http.get("/v1/contribution-figures", headers=insurance.officer)).json()["items"]
    assert [item["kind"] for item in listed if item["unit"] in (None, one.platform)] == [
        "base", "medical", "unemployment", "work_injury"
    ]  # fmt: skip

    async def reckoned() -> DuesDeclared | None:
        facts = [fact for fact in await one.told(DuesDeclared) if not fact.unknown]
        return facts[-1] if facts else None

    fact = await eventually(reckoned)
    assert fact.amounts == {
        "pension": "2160.00", "medical": "855.00", "unemployment": "90.00", "work_injury": "36.00", "maternity": "0.00"
    }  # fmt: skip
    [unit] = (await insurance.http.get("/v1/unit-months", headers=own)).json()["items"][:1]
    assert (unit["month"], unit["declared"], unit["amounts"]["pension"]) == (LAST, True, "2160.00")

    await one.pay(LAST, employer_amount="800.00", worker_amount="300.00", paid_on=TODAY.isoformat())
    detail = await one.detail(LAST)
    pension = detail["insurances"][0]
    assert (pension["ground"], pension["base"], pension["outstanding"]) == ("declared", "5000.00", "100.00")
    assert detail["missing"] == ["pension"]
    assert Decimal(pension["late_fee"]) >= 0
    sources = {item["key"]: item["verified"] for item in detail["used"]}
    assert sources["social_insurance.pension_rate[employer]"] is False
    assert sources["set_by_officer.medical[employer]"] is False
    await one.pay(LAST, "pension", employer_amount="0.00", worker_amount="100.00")
    assert (await one.states())[LAST] == "settled"


async def test_who_comes_late_to_a_declared_month_opens_it(insurance: Harness) -> None:
    """And whoever turns out not to have been employed is taken out of it."""
    one = Employee(insurance)
    await one.employ()

    async def declare(person: Employee) -> None:
        body = {"month": LAST, "wages": [{"worker_id": person.worker_id, "wage": "5000.00"}]}
        headers = insurance.headers("platform", uscc=one.platform)
        assert (await insurance.http.post("/v1/wage-declarations", json=body, headers=headers)).status_code == 201

    async def stands(declared: bool, people: int) -> bool:
        unit = await UnitMonth.of(f"{one.platform}|{LAST}")
        return unit is not None and (unit.declared, unit.people) == (declared, people)

    await declare(one)
    two = Employee(insurance, "w2", one.platform)
    await two.employ()
    await eventually(lambda: stands(False, 1))
    await declare(two)
    assert await stands(True, 2)
    await two.employ(EngagementCorrected, 2, relation="self_employed")
    await eventually(lambda: stands(True, 1))


async def letter_of(person: Employee, month: str, headers: Any = None) -> httpx2.Response:
    """The letter on a unit's month, as the unit reads it."""
    own = headers or person.insurance.headers("platform", uscc=person.platform)
    return await person.insurance.http.get(f"/v1/unit-months/{person.platform}|{month}/letter", headers=own)


def by_insurance(letter: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["insurance"]: one for one in letter["insurances"]}


def fee_of(amount: str, letter: dict[str, Any]) -> Decimal:
    """0.05 % of an amount for each day from the one after the last one to that of the letter."""
    days = (dt.date.fromisoformat(letter["as_of"]) - dt.date.fromisoformat(letter["due_on"])).days
    return (Decimal(amount) * days * Decimal("0.0005")).quantize(Decimal("0.01"), ROUND_HALF_UP)


async def waiting(person: Employee) -> list[str]:
    """The months of a unit of which officers see that a person must set something."""
    query = f"/v1/unit-months?unit={person.platform}&waits=true"
    items = (await person.insurance.http.get(query, headers=person.insurance.officer)).json()["items"]
    return [item["month"] for item in items]


async def test_a_unit_that_declares_nothing_owes_110_per_cent(insurance: Harness) -> None:
    """Of what it paid for all its people the month before, whoever of them is missing; with the late fee, and no person's doing."""
    one = Employee(insurance)
    await one.employ()
    two = Employee(insurance, "w2", one.platform)
    await two.employ()
    await one.pay(BEFORE, employer_amount="800.00", worker_amount="400.00")
    await two.pay(BEFORE, employer_amount="100.00", worker_amount="0.00")
    assert (await letter_of(one, LAST)).status_code == (409 if PAY_BY >= TODAY else 200)
    await two.pay(EARLIER, "pension", employer_amount="120.00", worker_amount="0.00", paid_on=str(DUE))
    for person in (one, two):
        await person.lapse(EARLIER)
    [own, other] = [fact for fact in await one.told(DuesOverdue) if fact.month == EARLIER]
    assert (own.owed, own.late_fee, other.owed) == (None, None, None)
    await fire(commands.MONTH_LAPSE, f"{one.platform}|{EARLIER}")
    await insurance.settled()
    [fact] = await one.told(DuesMonthOverdue)
    assert (fact.ground, fact.people, fact.unknown) == ("deemed", 2, ())
    # 110 % of 1,200 + 100 for each insurance; 120 of the pension came in time
    assert fact.amounts == dict.fromkeys(INSURANCES, "1430.00")
    assert fact.owed == "7030.00"
    answer = await letter_of(one, EARLIER)
    assert answer.status_code == 200, answer.text
    letter = answer.json()
    shown = by_insurance(letter)
    assert (shown["pension"]["ground"], shown["pension"]["outstanding"]) == ("deemed", "1310.00")
    assert Decimal(shown["pension"]["late_fee"]) == fee_of("1310.00", letter)
    assert Decimal(shown["medical"]["late_fee"]) == fee_of("1430.00", letter)
    assert Decimal(letter["late_fee"]) == fee_of("1310.00", letter) + 4 * fee_of("1430.00", letter)
    assert letter["late_fee_per_day"] == "0.0005"
    assert "百分之一百一十" in letter["text"]
    assert f"合计欠缴{fact.owed}元，截至{letter['as_of']}滞纳金{letter['late_fee']}元" in letter["text"]
    assert "0.05%" in letter["text"]
    assert "行政复议" in letter["rights"]
    keys = {item["key"] for item in letter["used"]}
    assert {"social_insurance.deemed_declared_percent", "social_insurance.late_fee_per_day"} <= keys
    assert await waiting(one) == []
    pension = (await one.detail(EARLIER))["insurances"][0]
    assert (pension["ground"], pension["employer"], pension["outstanding"]) == ("deemed", None, None)


async def test_who_is_to_be_registered_later_is_waited_for(insurance: Harness) -> None:
    """The month of a joiner is due when the employer must have registered them (社会保险法 art. 58), and is deemed only then."""
    person = Employee(insurance)
    await person.pay(EARLIER, "pension", employer_amount="800.00", worker_amount="400.00")
    joined = calendar.months_after(FIRST, 2) - dt.timedelta(days=1)
    await person.employ(started_on=str(joined))
    [due] = await MonthDue.find({"unit": person.platform}).to_list()
    assert (due.month, due.due_on > PAY_BY) == (LAST, True)
    unit_month = f"{person.platform}|{LAST}"
    await fire(commands.MONTH_LAPSE, unit_month)
    await insurance.settled()
    assert await person.told(DuesMonthOverdue) == []
    later = await waits(commands.MONTH_LAPSE, unit_month)
    assert later is not None
    assert later > calendar.end_of_day(due.due_on)
    await person.lapse(LAST)
    await fire(commands.MONTH_LAPSE, unit_month)
    await insurance.settled()
    [fact] = await person.told(DuesMonthOverdue)
    assert (fact.ground, fact.amounts["pension"]) == ("deemed", "1320.00")


async def set_figures(insurance: Harness, platform: str) -> None:
    """What officers set that no row has."""
    figures: tuple[tuple[str, dict[str, str], str | None], ...] = (
        ("base", {"floor": "4000", "cap": "20000"}, None),
        ("medical", {"employer": "0.075", "worker": "0.02"}, None),
        ("unemployment", {"employer": "0.006", "worker": "0.004"}, None),
        ("work_injury", {"class": "2"}, platform),
    )
    for kind, values, unit in figures:
        body = {"kind": kind, "unit": unit, "since": str(FIRST), "values": values, "source": "德阳市通知"}
        made = await insurance.http.post(
            "/v1/contribution-figures",
            json=body,
            headers=insurance.headers("officer", department="hrss", district="510600"),
        )
        assert made.status_code == 201, made.text


async def test_only_what_nobody_knows_is_a_persons(insurance: Harness) -> None:
    """Without a month before, an officer sees the month, enters the wages, and everything that follows is reckoned."""
    person = Employee(insurance)
    await person.employ()
    await person.pay(BEFORE, "pension", employer_amount="800.00", worker_amount="400.00")
    await person.lapse(EARLIER)
    await fire(commands.MONTH_LAPSE, f"{person.platform}|{EARLIER}")
    await insurance.settled()
    [fact] = await person.told(DuesMonthOverdue)
    assert (fact.ground, fact.amounts["pension"], fact.owed) == ("deemed", "1320.00", None)
    assert fact.unknown == ("medical", "unemployment", "work_injury")
    assert await waiting(person) == [EARLIER]
    letter = (await letter_of(person, EARLIER)).json()
    assert letter["outstanding"] is None
    assert "医疗" in letter["text"]
    assert "1320.00" in letter["text"]
    assert "第10条" in by_insurance(letter)["medical"]["why"]
    await set_figures(insurance, person.platform)
    wages = {"unit": person.platform, "month": EARLIER, "wages": [{"worker_id": person.worker_id, "wage": "5000.00"}]}
    entered = await insurance.http.post("/v1/wage-declarations", json=wages, headers=insurance.officer)
    assert (entered.status_code, entered.json()["waits"], entered.json()["deemed"]) == (201, False, {})
    assert await waiting(person) == []
    letter = (await letter_of(person, EARLIER)).json()
    assert letter["outstanding"] == "1745.00"  # 1,200 + 475 + 50 + 20
    assert by_insurance(letter)["medical"]["ground"] == "declared"
    assert Decimal(by_insurance(letter)["medical"]["late_fee"]) == fee_of("475.00", letter)
    # paid late, the late fee stays owed; the letter says so until then
    await person.pay(EARLIER, employer_amount="1200.00", worker_amount="0.00", paid_on=str(TODAY))
    letter = (await letter_of(person, EARLIER)).json()
    assert (letter["people"], letter["outstanding"]) == (0, "0.00")
    assert Decimal(letter["late_fee"]) > 0


async def test_a_letter_is_the_units_own_and_the_citys(insurance: Harness) -> None:
    person = Employee(insurance)
    await person.employ()
    district = insurance.headers("officer", department="hrss", district="510603")
    for headers, expect in (
        (insurance.officer, 200),
        (insurance.headers("platform", uscc=new_platform()), 404),
        (district, 403),
        (bearer("worker", worker_id=person.worker_id), 403),
    ):
        assert (await letter_of(person, EARLIER, headers)).status_code == expect
    assert (await letter_of(person, "2019-01")).status_code == 404


async def test_who_sees_months_owed(insurance: Harness) -> None:
    person, other = Employee(insurance), Employee(insurance)
    await person.employ()
    path = f"/v1/dues/{person.id_of(LAST)}"
    seen = {
        "own": insurance.headers("platform", uscc=person.platform),
        "worker": bearer("worker", worker_id=person.worker_id),
        "district": insurance.headers("officer", department="hrss", district="510603"),
        "other platform": insurance.headers("platform", uscc=other.platform),
        "other worker": bearer("worker", worker_id=other.worker_id),
        "other district": insurance.headers("officer", department="hrss", district="510681"),
        "other department": insurance.headers("officer", department="transport", district="510600"),
    }
    found = {who: (await insurance.http.get(path, headers=headers)).status_code for who, headers in seen.items()}
    assert found == {
        "own": 200,
        "worker": 200,
        "district": 200,
        "other platform": 404,
        "other worker": 404,
        "other district": 404,
        "other department": 403,
    }
    query = f"/v1/dues?unit={person.platform}&month={LAST}&state=owed"
    listed = (await insurance.http.get(query, headers=seen["own"])).json()["items"]
    assert [item["worker_id"] for item in listed] == [person.worker_id]
    assert (await insurance.http.get(query, headers=seen["other platform"])).status_code == 403
    assert (await insurance.http.get("/v1/dues", headers=seen["other district"])).json()["items"] == []
    months = f"/v1/unit-months?unit={person.platform}"
    assert (await insurance.http.get(months, headers=seen["other platform"])).status_code == 403
    assert len((await insurance.http.get(months, headers=insurance.officer)).json()["items"]) == 2


async def test_months_follow_a_worker_whose_record_was_another(insurance: Harness) -> None:
    person = Employee(insurance)
    await person.employ()
    await person.pay(LAST)
    await person.lapse(EARLIER)
    kept = f"kept-{person.platform}"
    await insurance.publish(
        registered(kept, person.id_number), WorkerMerged(worker_id=kept, merged_worker_id=person.worker_id)
    )
    await insurance.settled()
    old = person.worker_id
    await insurance.publish(
        engagement(
            EngagementCorrected, person.platform, relation="employment", started_on=FIRST.isoformat(), version=2,
            worker_id=kept,
        )
    )  # fmt: skip
    await insurance.settled()
    assert await person.states() == {EARLIER: "void", LAST: "void"}
    assert [(fact.worker_id, fact.how) for fact in await person.told(DuesSettled)] == [(old, "void")]
    person.worker_id = kept
    assert await person.states() == {EARLIER: "owed", LAST: "settled"}


async def test_what_turns_out_to_be_the_persons_own_is_owed(insurance: Harness) -> None:
    """The province says since that the employer has not paid it: the month is not settled any more."""
    person = Employee(insurance)
    await person.employ()
    paid = await person.pay(LAST)
    assert (await person.states())[LAST] == "settled"
    later = (clock.now() + dt.timedelta(seconds=1)).isoformat()
    await tell(insurance, *[item | {"payer": None, "changed_at": later} for item in paid])
    await insurance.settled()
    assert (await person.states())[LAST] == "owed"


async def test_a_declared_wage_follows_a_merged_record(insurance: Harness) -> None:
    """The employer has declared it: the month is not taken to be undeclared because the record has another id now."""
    person = Employee(insurance)
    await person.employ()
    body = {"month": LAST, "wages": [{"worker_id": person.worker_id, "wage": "5000.00"}]}
    own = insurance.headers("platform", uscc=person.platform)
    assert (await insurance.http.post("/v1/wage-declarations", json=body, headers=own)).json()["declared"]
    kept = f"kept-{person.platform}"
    await insurance.publish(
        registered(kept, person.id_number), WorkerMerged(worker_id=kept, merged_worker_id=person.worker_id)
    )
    await insurance.settled()
    await insurance.publish(
        engagement(
            EngagementCorrected, person.platform, relation="employment", started_on=FIRST.isoformat(), version=2,
            worker_id=kept,
        )
    )  # fmt: skip
    await insurance.settled()
    person.worker_id = kept
    detail = await person.detail(LAST)
    assert (detail["state"], detail["wage"], detail["wage_by"]) == ("owed", "5000.00", "employer")

    async def declared() -> bool:
        unit = await UnitMonth.of(f"{person.platform}|{LAST}")
        return unit is not None and (unit.declared, unit.people) == (True, 1)

    await eventually(declared)


async def test_what_was_paid_for_an_erased_worker_stays_paid(insurance: Harness) -> None:
    """What was paid is nobody's then; the employer's letter and the month show no debt of it all the same."""
    one = Employee(insurance)
    await one.employ()
    two = Employee(insurance, "w2", one.platform)
    await two.employ()
    await set_figures(insurance, one.platform)
    wages = [{"worker_id": person.worker_id, "wage": "5000.00"} for person in (one, two)]
    own = insurance.headers("platform", uscc=one.platform)
    answer = await insurance.http.post("/v1/wage-declarations", json={"month": EARLIER, "wages": wages}, headers=own)
    assert answer.status_code == 201, answer.text
    for person in (one, two):
        await person.pay(EARLIER, employer_amount="1200.00", worker_amount="400.00", paid_on=str(DUE))
    assert (await one.states())[EARLIER] == "settled"
    assert (await letter_of(one, EARLIER)).status_code == 409
    await one.employ(EngagementEnded, 2, ended_on=str(TODAY))
    await insurance.publish(WorkerErased(worker_id=one.worker_id))
    await insurance.settled()
    assert (await letter_of(one, EARLIER)).status_code == 409
    detail = await one.detail(EARLIER)
    assert (detail["state"], detail["outstanding"], detail["late_fee"]) == ("settled", "0.00", "0.00")


async def test_nothing_is_deemed_of_who_was_not_employed(insurance: Harness) -> None:
    """The employer declared nothing, and 110 per cent was asked for; then it turns out that nobody worked there."""
    person = Employee(insurance)
    await person.employ()
    await person.pay(BEFORE, employer_amount="800.00", worker_amount="400.00")
    await person.lapse(EARLIER)
    await fire(commands.MONTH_LAPSE, f"{person.platform}|{EARLIER}")
    await insurance.settled()
    [fact] = await person.told(DuesMonthOverdue)
    assert fact.ground == "deemed"
    await person.employ(EngagementCorrected, 2, relation="self_employed")

    async def withdrawn() -> Any:
        facts = [fact for fact in await person.told(DuesDeclared) if fact.month == EARLIER]
        return facts[-1] if facts else None

    taken_back = await eventually(withdrawn)
    assert (taken_back.people, set(taken_back.amounts.values())) == (0, {"0.00"})
    unit = await UnitMonth.of(f"{person.platform}|{EARLIER}")
    assert unit is not None
    assert (unit.deemed, unit.waits) == ({}, False)


async def test_a_unit_month_is_there_once(insurance: Harness) -> None:
    person = Employee(insurance)
    await person.employ()
    for _ in range(2):
        await transact(lambda tx: commands.follow([person.worker_id], tx))
        await transact(lambda tx: commands.end_month(MonthOver(LAST), tx))
    assert len(await MonthDue.find({"unit": person.platform}).to_list()) == 2
    assert len(await UnitMonth.find({"unit": person.platform}).to_list()) == 2
