"""What the gateway takes, what it refuses, and what its refusals say."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from services.registry.batches.commands import Rejection
from services.registry.batches.records import StoredEvent, pack, unpack_records
from services.registry.gateway import rules
from services.registry.gateway.body import BATCH_JSON, LINES, MAX_BYTES, split, unpack
from services.registry.gateway.commands import sort
from services.registry.sealing import unseal
from shared import clock
from shared.contracts.platform import (
    NATURAL_KEY,
    EmployeeDeclared,
    EngagementStarted,
    IncidentReported,
    OrderFinished,
    ProfileDeclared,
    SettlementPaid,
)
from shared.storage import keys
from shared.storage.encryption import open_sealed
from shared.web.problems import Problem
from tests.unit.identity.numbers import make, make_uscc
from tests.unit.registry.pushes import (
    RIVAL,
    UBIQ,
    declaration,
    ended,
    engagement,
    event,
    incident,
    order,
    person,
    profile,
    settlement,
    training,
    worktime,
)


@pytest.fixture(autouse=True)
def sealing_keys() -> Iterator[None]:
    ring = keys.KeyRing("k1", {"k1": bytes(range(32))})
    keys.use({"for-registry": ring, "for-insurance": ring})
    yield
    keys.use({})


async def take(*events: Any) -> tuple[list[StoredEvent], list[Rejection]]:
    return await sort(UBIQ, [json.dumps(one).encode() for one in events])


async def refusal(one: dict[str, Any]) -> str:
    accepted, rejected = await take(one)
    assert not accepted
    return rejected[0].detail


def ahead(minutes: float) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)).isoformat()


async def test_every_documented_type_is_taken() -> None:
    events = [
        profile(),
        engagement(),
        ended(),
        order(),
        settlement(),
        worktime(),
        incident(),
        training(),
        declaration(),
    ]
    accepted, rejected = await take(*events)
    assert rejected == []
    assert {record[0] for record in accepted} == {fact.TYPE for fact in NATURAL_KEY}


async def test_an_event_keeps_its_id_time_and_the_key_of_its_worker() -> None:
    [(type_name, key, event_id, time, value)], _ = await take(order(worker_ref="w-9") | {"id": "mine"})
    assert (type_name, key, event_id) == (OrderFinished.TYPE, f"{UBIQ}:w-9", "mine")
    assert time == dt.datetime.fromisoformat("2026-09-12T12:31:00+08:00")
    assert msgspec.json.decode(value, type=OrderFinished).worker_ref == "w-9"


async def test_a_settlement_keeps_what_it_replaces() -> None:
    [told, untold], rejected = await take(settlement(settlement_id="s-8", replaces="s-7"), settlement(replaces=None))
    assert rejected == []
    decoded = [msgspec.json.decode(record[4], type=SettlementPaid) for record in (told, untold)]
    assert [one.replaces for one in decoded] == ["s-7", None]


async def test_personal_fields_are_sealed_in_their_usual_form() -> None:
    number = person(1)
    [record], _ = await take(engagement(name="试样甲", phone="+86 138-0000-0001"))
    assert number.encode() not in record[4]
    assert "试样甲".encode() not in record[4]
    fact = msgspec.json.decode(record[4], type=EngagementStarted)
    assert (unseal(fact.id_number), unseal(fact.name), unseal(fact.phone)) == (number, "试样甲", "13800000001")


async def test_what_happened_is_sealed_for_insurance() -> None:
    [record], _ = await take(incident(place="旌阳区某路口", description="电动车侧翻"))
    assert "旌阳".encode() not in record[4]
    assert "侧翻".encode() not in record[4]
    fact = msgspec.json.decode(record[4], type=IncidentReported)
    assert open_sealed("insurance", fact.for_insurance or "") == {"place": "旌阳区某路口", "description": "电动车侧翻"}


async def test_whom_an_employer_declares_is_sealed_for_insurance() -> None:
    number = person(1)
    [record], _ = await take(declaration(id_number=number.lower(), name="试样甲"))
    assert number.encode() not in record[4]
    assert "试样甲".encode() not in record[4]
    fact = msgspec.json.decode(record[4], type=EmployeeDeclared)
    assert open_sealed("insurance", fact.for_insurance) == {"id_number": number, "name": "试样甲"}
    assert "id_number" in await refusal(declaration(id_number="510603199001010011"))
    assert "started_on" in await refusal(declaration(started_on="1899-12-31"))


async def test_a_company_may_be_reached_on_a_fixed_line() -> None:
    [record], _ = await take(profile(contact_phone="0838-2500000"))
    assert unseal(msgspec.json.decode(record[4], type=ProfileDeclared).contact_phone) == "0838-2500000"
    assert "contact_phone" in await refusal(profile(contact_phone="问前台"))


async def test_a_small_x_at_the_end_of_an_id_number_becomes_a_capital() -> None:
    number = next(person(serial) for serial in range(1, 99) if person(serial).endswith("X"))
    [record], _ = await take(engagement(id_number=number.lower()))
    assert unseal(msgspec.json.decode(record[4], type=EngagementStarted).id_number) == number


async def test_fields_that_nobody_documented_are_left_out() -> None:
    [record], _ = await take(order(weather="rain"))
    assert b"rain" not in record[4]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (order(fee=6.5), "fee"),
        (order(fee=6), "fee"),
        (order(fee="6.505"), "fee"),
        (order(fee="-1.00"), "fee"),
        (order(fee="６.50"), "fee"),
        (order(fee="6.50\n"), "fee"),
        (order(industry="hairdressing"), "industry"),
        (order(order_id=""), "order_id"),
        (order(finished_at="2026-09-12T12:30:00"), "finished_at"),
        (order(taken_at="2026-09-12T13:00:00+08:00"), "finished_at 早于 taken_at"),
        (order(taken_at="0001-01-01T00:00:00+08:00"), "taken_at"),
        (order(district="510104"), "district"),
        (order(district="510600"), "district"),
        (settlement(period_end="2026-08-31"), "period_end 早于 period_start"),
        (settlement(gross=100), "gross"),
        (settlement(deductions=[{"kind": "fine"}]), "deductions[0].amount"),
        (settlement(deductions=[{"kind": "fine", "amount": "１.00"}]), "deductions"),
        (settlement(components=[{"kind": "orders", "amount": "１.00"}]), "components"),
        (settlement(components=[{"kind": "orders", "amount": "100.01"}]), "components 之和大于 gross"),
        (settlement(components=None), "components"),
        (settlement(settlement_id="s-7", replaces="s-7"), "replaces 是该结算自己的 settlement_id"),
        (settlement(replaces=""), "replaces"),
        (worktime(offline_at="2026-09-12T07:00:00+08:00"), "offline_at 早于 online_at"),
        (incident(severity="unknown"), "severity"),
        (incident(district="旌阳"), "district"),
        (training(hours=-1), "hours"),
        (training(hours="2"), "hours"),
        (engagement(partner_uscc=UBIQ[:-1] + ("0" if UBIQ[-1] != "0" else "1")), "partner_uscc"),
        (engagement(partner_uscc=make_uscc("MA00000X1").lower()), "partner_uscc"),
        (engagement(phone="12345"), "phone"),
        (engagement(district="510104"), "district"),
        (engagement(started_on="2026-02-30"), "started_on"),
        (engagement(agreement={"kind": "contract", "number": "", "signed_on": "2026-09-01"}), "agreement.number"),
        (engagement(dispatched="no"), "dispatched"),
        (profile(industries=[]), "industries"),
        (event("order.tipped", {}), "unknown type"),
        (order() | {"specversion": "0.3"}, "specversion"),
        (order() | {"id": ""}, "id"),
        (order() | {"time": "yesterday"}, "time"),
        (order(platform=RIVAL), "source"),
        (order() | {"source": f"/platforms/{UBIQ}/"}, "source"),
    ],
)
async def test_what_does_not_hold_is_refused_by_the_name_of_its_field(wrong: dict[str, Any], says: str) -> None:
    assert says in await refusal(wrong)


async def test_a_missing_field_is_named() -> None:
    wrong = order()
    del wrong["data"]["order_id"]
    assert "order_id" in await refusal(wrong)
    without_data = order()
    del without_data["data"]
    assert "data" in await refusal(without_data)


async def test_a_time_may_be_five_minutes_ahead_and_no_more() -> None:
    accepted, _ = await take(order() | {"time": ahead(4.5)}, order(finished_at=ahead(4.5)))
    assert len(accepted) == 2
    for late in (order() | {"time": ahead(5.5)}, order(finished_at=ahead(5.5)), worktime(offline_at=ahead(6))):
        assert "ahead" in await refusal(late)
    assert "ahead" in await refusal(incident(occurred_at=ahead(6)))


@pytest.mark.parametrize("serial", range(1, 9))
async def test_a_wrong_check_digit_is_refused_without_quoting_it(serial: int) -> None:
    number = person(serial)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    detail = await refusal(engagement(id_number=wrong))
    assert "id_number" in detail
    assert wrong[6:14] not in detail


async def test_somebody_born_tomorrow_in_shanghai_is_refused() -> None:
    moment = rules.moment_of(clock.now())
    assert "id_number" in await refusal(engagement(id_number=make("510603", moment.today + dt.timedelta(1), 1)))


async def test_no_refusal_quotes_what_was_sent() -> None:
    secret = person(3)
    for wrong in (engagement(relation=secret), engagement(id_number=[secret]), order(industry=secret)):
        assert secret not in await refusal(wrong)


async def test_a_bad_event_is_named_by_its_place_the_others_taken() -> None:
    bad = order(fee="x") | {"id": "bad", "data": order(fee="x")["data"]}
    accepted, rejected = await take(order(), bad, order(), 7, {"id": 3, "type": "t" * 500})
    assert len(accepted) == 2
    assert [(one.index, one.id) for one in rejected] == [(1, "bad"), (3, None), (4, None)]
    assert rejected[2].type == "t" * 128


async def test_nesting_without_end_is_refused_like_any_other_nonsense() -> None:
    _, rejected = await sort(UBIQ, [b'{"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}"])
    assert len(rejected) == 1


LONG, TEXT, KIND = "字" * 128, "\x00" * 5000, {"kind": "字" * 128, "amount": "1.00"}


async def test_the_largest_events_are_small_for_the_broker() -> None:
    largest = [
        incident(incident_id=LONG, worker_ref=LONG, order_id=LONG, place=TEXT[:500], description=TEXT),
        settlement(
            settlement_id=LONG, worker_ref=LONG, gross="100.00", deductions=[KIND] * 100, components=[KIND] * 50
        ),
        engagement(worker_ref=LONG, name="字" * 200),
        declaration(worker_ref=LONG, name="字" * 200),
    ]
    accepted, rejected = await take(*largest)
    assert rejected == []
    assert max(len(record[4]) for record in accepted) < 64 * 1024


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (settlement(orders=10**25), "orders"),
        (settlement(orders=2**63), "orders"),
        (settlement(orders=1_000_001), "orders"),
        (settlement(deductions=[KIND] * 101), "deductions"),
        (settlement(components=[KIND] * 51), "components"),
        (settlement(period_end="9999-12-31"), "period_end"),
        (settlement(period_start="0001-01-01"), "period_start"),
        (settlement(period_start="1899-12-31"), "period_start"),
        (settlement(due_on="9999-12-31"), "due_on"),
        (settlement(paid_on="9999-12-31"), "paid_on"),
        (engagement(started_on="9999-12-31"), "started_on"),
        (engagement(started_on="0001-01-01"), "started_on"),
        (engagement(agreement={"kind": "contract", "number": "1", "signed_on": "9999-12-31"}), "agreement.signed_on"),
        (engagement(safety_training={"course": "s", "completed_on": "0001-01-01"}), "safety_training.completed_on"),
        (engagement(id_number="1" * 19), "id_number"),
        (engagement(partner_uscc="1" * 19), "partner_uscc"),
        (ended(ended_on="9999-12-31"), "ended_on"),
        (ended(ended_on="1899-12-31"), "ended_on"),
        (training(completed_on="9999-12-31"), "completed_on"),
        (training(hours=10_001), "hours"),
        (training(hours=1e300), "hours"),
        (order(taken_at="1899-12-31T23:59:59+08:00"), "taken_at"),
        (incident(occurred_at="1899-12-31T23:59:59+08:00"), "occurred_at"),
        (incident(description="字" * 5001), "description"),
        (profile(industries=["other"] * 11), "industries"),
        (order() | {"time": "1899-12-31T23:59:59Z"}, "time"),
        (order() | {"specversion": "1" * 201}, "specversion"),
    ],
)
async def test_what_lies_beyond_what_a_field_can_mean_is_refused(wrong: dict[str, Any], says: str) -> None:
    assert says in await refusal(wrong)


async def test_a_day_may_lie_in_1900_and_ten_years_ahead() -> None:
    last = rules.moment_of(clock.now()).last_day
    good = [engagement(started_on="1900-01-01"), settlement(period_start="1900-01-01", period_end=str(last))]
    accepted, rejected = await take(*good, order(taken_at="1900-01-01T00:00:00Z", finished_at="1900-01-01T00:00:00Z"))
    assert (len(accepted), rejected) == (3, [])
    assert "ten years ahead" in await refusal(ended(ended_on=str(last + dt.timedelta(days=1))))


async def test_kept_records_come_back_as_they_were() -> None:
    accepted, _ = await take(order(), engagement())
    assert unpack_records(pack(accepted)) == accepted


def test_a_gzip_bomb_is_never_unpacked_beyond_the_limit() -> None:
    bomb = gzip.compress(bytes(40 * 1024 * 1024))
    tracemalloc.start()
    with pytest.raises(Problem) as refused:
        unpack(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.status == 413
    assert peak < 3 * MAX_BYTES


def test_a_body_of_empty_gzip_members_is_refused_at_once() -> None:
    members = gzip.compress(b"") * 200_000
    with pytest.raises(Problem) as refused:
        unpack(members)
    assert refused.value.status == 400
    several = gzip.compress(b"[") + gzip.compress(b"]")
    assert unpack(several) == b"[]"


@pytest.mark.parametrize(
    ("flood", "kind", "status"),
    [
        (b"[" + b"{}," * 2_500_000 + b"{}]", BATCH_JSON, 413),
        (b"[" + b"0," * 4_000_000 + b"0]", BATCH_JSON, 400),
        (b"0\n" * 4_000_000, LINES, 413),
        (b"\n" * MAX_BYTES, LINES, 400),
    ],
)
def test_more_events_than_a_push_may_have_are_not_taken_apart(flood: bytes, kind: str, status: int) -> None:
    tracemalloc.start()
    with pytest.raises(Problem) as refused:
        split(flood, kind)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.status == status
    assert peak < 4 * 1024 * 1024


def test_many_commas_within_few_events_are_no_flood() -> None:
    one = b'{"a":[' + b"0," * 200_000 + b"0]}"
    assert len(split(b"[" + one + b"," + one + b"]", BATCH_JSON)) == 2
