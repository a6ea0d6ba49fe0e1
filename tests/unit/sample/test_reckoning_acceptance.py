"""What the gateway must accept and what it must refuse."""

from typing import Any

import pytest

from tests.unit.sample.facts import (
    ANN,
    Event,
    P,
    ended,
    event,
    figures,
    incident,
    order,
    profile,
    settlement,
    started,
    training,
    worktime,
)


def accepted(found: Any) -> bool:
    pushed = figures(found)["pushed"]
    assert pushed["events"] == pushed["accepted"] + pushed["rejected"] == 1
    return bool(pushed["accepted"])


def without(found: Event, field: str) -> Event:
    return {**found, "data": {key: value for key, value in found["data"].items() if key != field}}


WHOLE = {
    "a profile": profile(delivery_class="b"),
    "a profile without a class": profile(),
    "an engagement": started(),
    "an engagement with every paper": started(
        agreement={"kind": "contract", "number": "1", "signed_on": "2026-09-01"}, partner_uscc=P, dispatched=True
    ),
    "a permit of a Hong Kong resident": started(id_number="810000199408230021"),
    "an id number with a small x": started(id_number="51060319900101001x"),
    "an end": ended("2026-09-30"),
    "an order": order("o1"),
    "an order done at once": order("o1", finished_at="2026-09-02T12:00:00+08:00"),
    "an order in UTC with fractions": order("o1", "2026-09-02T04:00:00.123Z", "2026-09-02T04:30:00.5Z"),
    "an order with more than is documented": order("o1", weather="rain"),
    "a settlement": settlement("s1", "100", ("fine", "1.5")),
    "a settlement that takes back": settlement("s1", "100.00", net="-5.00"),
    "work time": worktime("2026-09-02T12:00:00+08:00", "2026-09-02T18:00:00+08:00"),
    "an incident": incident("i1"),
    "a training": training(certificate_number="ZS1"),
}

WRONG = {
    "an id number with a wrong check digit": started(id_number="510681198512310028"),
    "an id number of a day that never was": started(id_number="510603199002300019"),
    "a person born in the future": started(id_number="510603202701010015"),
    "a partner's code with a wrong check character": started(partner_uscc="91510603970186694T"),
    "a platform's code with a wrong check character": order("o1", platform="91510603970186694T"),
    "an unknown relation": started(relation="intern"),
    "an unknown industry": order("o1", industry="drone"),
    "an unknown severity": incident("i1", severity="unknown"),
    "an unknown delivery class": profile(delivery_class="c"),
    "an agreement of an unknown kind": started(agreement={"kind": "oral", "number": "1", "signed_on": "2026-09-01"}),
    "a profile without industries": event("profile.declared", {**profile()["data"], "industries": []}),
    "another city's district": order("o1", district="510104"),
    "a district's name": incident("i1", district="旌阳区"),
    "an empty order id": order(""),
    "an instant without offset": order("o1", finished_at="2026-09-02T12:30:00"),
    "an instant that never was": order("o1", finished_at="2026-09-31T12:30:00+08:00"),
    "a day written short": ended("20260930"),
    "an order finished before it was taken": order("o1", "2026-09-02T12:00:00+08:00", "2026-09-02T03:59:59Z"),
    "a period that ends before it begins": settlement("s1", "1", period_end="2026-08-31"),
    "work time that ends before it begins": worktime("2026-09-02T12:00:00+08:00", "2026-09-02T11:00:00+08:00"),
    "money as a number": order("o1", fee=6.5),
    "money to a tenth of a fen": order("o1", fee="6.505"),
    "a negative fee": order("o1", fee="-0.01"),
    "a negative deduction": settlement("s1", "1.00", ("fine", "-1.00")),
    "a count as a text": settlement("s1", "1.00", orders="1"),
    "a flag as a number": started(dispatched=1),
    "an order that ends in the future": order("o1", finished_at="2026-11-23T12:05:01Z"),
    "an event of the future": {**order("o1"), "time": "2099-01-01T00:00:00Z"},
    "an unknown type": event("order.tipped", order("o1")["data"]),
    "a type of another version": {**order("o1"), "type": "cn.deyang.platform.order.finished.v2"},
    "a type without its prefix": {**order("o1"), "type": "order.finished.v1"},
    "another source": {**order("o1"), "source": "/workers/1"},
    "another version of CloudEvents": {**order("o1"), "specversion": "0.3"},
    "no id": {key: value for key, value in order("o1").items() if key != "id"},
    "no data": {key: value for key, value in order("o1").items() if key != "data"},
    "no object": ["order"],
    "no order id": without(order("o1"), "order_id"),
    "no word on training": without(started(), "safety_training"),
}


@pytest.mark.parametrize("found", WHOLE.values(), ids=WHOLE.keys())
def test_accepts(found: Event) -> None:
    assert accepted(found)


@pytest.mark.parametrize("found", WRONG.values(), ids=WRONG.keys())
def test_rejects(found: Any) -> None:
    assert not accepted(found)


def test_an_instant_may_be_five_minutes_ahead_of_the_clock() -> None:
    assert accepted(order("o1", finished_at="2026-11-23T20:05:00+08:00"))


def test_counts_duplicates_as_accepted() -> None:
    same = order("o1")
    assert figures(same, same, order("o1"))["pushed"] == {"events": 3, "accepted": 3, "rejected": 0}


def test_what_is_rejected_leaves_no_trace() -> None:
    report = figures(started(id_number=ANN[:-1] + "0"), order("", worker="w1"), {**profile(), "type": "x"})
    assert report["registry"] == {
        "workers": 0,
        "enterprises": 0,
        "engagements": {"active": 0, "blocked": 0, "ended": 0},
    }
    assert report["insurance"]["orders"] == 0
