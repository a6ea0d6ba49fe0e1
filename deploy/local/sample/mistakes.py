"""What goes wrong on purpose: events to be refused, events told twice, orders of people nobody has told of."""

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from deploy.local.sample.events import Event
from deploy.local.sample.numbers import broken, event_id
from deploy.local.sample.roster import scaled

Spoil = Callable[[dict[str, Any]], None]


def _put(field: str, value: Any) -> Spoil:
    return lambda data: data.__setitem__(field, value)


def _break(field: str) -> Spoil:
    return lambda data: data.__setitem__(field, broken(data[field]))


def _drop(field: str) -> Spoil:
    return lambda data: data.__delitem__(field)


def _swap(one: str, other: str) -> Spoil:
    def swap(data: dict[str, Any]) -> None:
        data[one], data[other] = data[other], data[one]

    return swap


def _wrong_partner(data: dict[str, Any]) -> None:
    data["partner_uscc"] = broken(data["partner_uscc"])


MISTAKES: tuple[tuple[str, int, Spoil], ...] = (
    ("engagement.started", 10, _break("id_number")),
    ("engagement.started", 4, _put("id_number", "510603199002300019")),
    ("engagement.started", 3, _wrong_partner),
    ("engagement.started", 3, _put("district", "旌阳")),
    ("engagement.started", 2, _put("relation", "intern")),
    ("engagement.started", 2, _drop("started_on")),
    ("order.finished", 8, _swap("taken_at", "finished_at")),
    ("order.finished", 8, _put("district", "510104")),
    ("order.finished", 6, _put("fee", 6.5)),
    ("order.finished", 3, _put("fee", "6.505")),
    ("order.finished", 2, _put("fee", "-1.00")),
    ("order.finished", 6, _drop("order_id")),
    ("order.finished", 3, _put("finished_at", "2026-09-12T12:30:00")),
    ("order.finished", 5, _put("finished_at", "2099-09-12T12:30:00+08:00")),
    ("settlement.paid", 3, _swap("period_start", "period_end")),
    ("settlement.paid", 2, _put("gross", 1200)),
    ("worktime.recorded", 3, _swap("online_at", "offline_at")),
    ("incident.reported", 2, _put("severity", "unknown")),
    ("training.completed", 2, _drop("course")),
)


def with_mistakes(rng: random.Random, events: list[Event], people: int) -> list[Event]:
    """The same events in the same order, with what is wrong, doubled or unknown put between them."""
    pick = _Picker(rng, people)
    extra: dict[int, list[Event]] = {}
    for place, event in (*_repeated(pick, events), *_spoiled(pick, events), *_unknown(pick, events)):
        extra.setdefault(place, []).append(event)
    return [found for place, event in enumerate(events) for found in (event, *extra.get(place, ()))]


class _Picker:
    """Picks places at random, as many as become a sample of that many people, and never more than there are."""

    def __init__(self, rng: random.Random, people: int) -> None:
        self.rng, self.people = rng, people

    def some(self, places: list[int], count: int) -> list[int]:
        return self.rng.sample(places, min(scaled(count, self.people), len(places)))


def _of_type(events: list[Event], kind: str) -> list[int]:
    return [place for place, event in enumerate(events) if event["type"] == f"cn.deyang.platform.{kind}.v1"]


def _copy(rng: random.Random, event: Event) -> Event:
    return {**deepcopy(event), "id": event_id(rng)}


def _repeated(pick: _Picker, events: list[Event]) -> Iterator[tuple[int, Event]]:
    last, rng = len(events) - 1, pick.rng
    # Pushed a thousand at a time, events this far apart are in different batches even of one platform.
    far = last // 3
    near = {"order.finished": 40, "engagement.started": 6, "engagement.ended": 2, "training.completed": 4}
    for kind, count in near.items():
        for place in pick.some(_of_type(events, kind), count):
            yield place, events[place]
    # Only what cannot change in between is told again later: the same event, and the same fact as a new event.
    for kind, count in {"order.finished": 40, "settlement.paid": 5, "incident.reported": 3}.items():
        early = [place for place in _of_type(events, kind) if place < last - far]
        for place in pick.some(early, count):
            yield min(place + far + rng.randrange(far // 3 + 1), last), events[place]
        for place in pick.some(early, count):
            yield min(place + rng.randrange(far), last), _copy(rng, events[place])


def _spoiled(pick: _Picker, events: list[Event]) -> Iterator[tuple[int, Event]]:
    rng = pick.rng
    for kind, count, spoil in MISTAKES:
        places = _of_type(events, kind)
        if spoil is _wrong_partner:
            places = [place for place in places if events[place]["data"]["partner_uscc"]]
        for place in pick.some(places, count):
            event = _copy(rng, events[place])
            data = event["data"]
            data["worker_ref"] = f"{data['worker_ref']}-?"
            for field in ("order_id", "settlement_id", "session_id", "incident_id"):
                if data.get(field):
                    data[field] += "-?"
            spoil(data)
            yield place, event
    for place in pick.some(_of_type(events, "order.finished"), 5):
        yield place, {**_copy(rng, events[place]), "time": "2099-01-01T00:00:00Z"}
    for place in pick.some(_of_type(events, "order.finished"), 6):
        yield place, {**_copy(rng, events[place]), "type": "cn.deyang.platform.order.tipped.v1"}


def _unknown(pick: _Picker, events: list[Event]) -> Iterator[tuple[int, Event]]:
    """Orders of workers who are never told of, and events with a field that nobody documented."""
    for count, field, value in ((20, "worker_ref", "U{}"), (5, "weather", "rain")):
        for turn, place in enumerate(pick.some(_of_type(events, "order.finished"), count)):
            event = _copy(pick.rng, events[place])
            event["data"] |= {field: value.format(turn), "order_id": f"{event['data']['order_id']}-{field}"}
            yield place, event
