"""Which events the gateway must accept, by the documented list of fields and reasons for rejection."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

from deploy.local.calculation.identity import birth_date, is_credit_code

SHANGHAI = ZoneInfo("Asia/Shanghai")
AHEAD = timedelta(minutes=5)
FIRST_YEAR, YEARS_AHEAD = 1900, 10
MOST_ORDERS, MOST_HOURS = 1_000_000, 10_000
"""Of a settlement, and of a course."""
DISTRICTS = ("510603", "510604", "510623", "510681", "510682", "510683")

_PREFIX = "cn.deyang.platform."
_SOURCE = re.compile(r"/platforms/([^/]+)")
# RFC 3339: the letters in either case, a space in place of the T. An offset without its colon is taken too.
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)", re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONEY = re.compile(r"-?\d{1,12}(\.\d{1,2})?", re.ASCII)


class Rejected(ValueError):
    """An event that the gateway must not accept."""


@dataclass(frozen=True, slots=True)
class Fact:
    """An accepted event: place in the file, type without prefix, platform (its credit code), parsed data."""

    position: int
    type: str
    platform: str
    time: datetime
    data: dict[str, Any]

    @property
    def worker(self) -> tuple[str, str]:
        """The platform and its own id of the person."""
        return self.platform, self.data["worker_ref"]


Parser = Callable[[Any], Any]


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise Rejected("not a text")
    return value


def sized(at_least: int, at_most: int) -> Parser:
    def parse(value: Any) -> str:
        if not at_least <= len(text(value)) <= at_most:
            raise Rejected("too short or too long")
        return text(value)

    return parse


reference = sized(1, 128)
name = sized(1, 200)


def one_of(*values: str) -> Parser:
    def parse(value: Any) -> str:
        if value not in values:
            raise Rejected("not one of the values")
        return text(value)

    return parse


def optional(parser: Parser) -> Parser:
    return lambda value: None if value is None else parser(value)


def list_of(parser: Parser, at_least: int = 0, at_most: int = 100) -> Parser:
    def parse(value: Any) -> list[Any]:
        if not isinstance(value, list) or not at_least <= len(value) <= at_most:
            raise Rejected("not a list, or too short or too long")
        return [parser(item) for item in value]

    return parse


def record(fields: dict[str, Parser], may_be_absent: tuple[str, ...] = ()) -> Parser:
    """An object with at least these fields; a nullable one is there all the same, and other fields are ignored."""

    def parse(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or not fields.keys() <= value.keys() | set(may_be_absent):
            raise Rejected("not an object, or not whole")
        return {field: parser(value[field]) if field in value else None for field, parser in fields.items()}

    return parse


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Rejected("not true or false")
    return value


def count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_ORDERS:
        raise Rejected("not a count of orders")
    return value


def quantity(value: Any) -> int | float | Decimal:
    if not isinstance(value, int | float | Decimal) or isinstance(value, bool) or not 0 <= value <= MOST_HOURS:
        raise Rejected("not the hours of a course")
    return value


def signed_money(value: Any) -> Decimal:
    if _MONEY.fullmatch(text(value)) is None:
        raise Rejected("not an amount")
    return Decimal(value)


def money(value: Any) -> Decimal:
    if text(value).startswith("-"):
        raise Rejected("a negative amount")
    return signed_money(value)


def instant(value: Any) -> datetime:
    if _INSTANT.fullmatch(text(value)) is None:
        raise Rejected("not an instant with offset")
    try:
        written = datetime.fromisoformat(value.upper())
        if written.year < FIRST_YEAR:
            raise Rejected("an instant before 1900")
        return written.astimezone(UTC)
    except OverflowError:
        raise Rejected("no such instant") from None
    except ValueError as error:
        raise error if isinstance(error, Rejected) else Rejected("no such instant") from None


def day(value: Any) -> date:
    if _DATE.fullmatch(text(value)) is None:
        raise Rejected("not a date")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Rejected("no such date") from None


def id_number(value: Any) -> str:
    number = text(value).upper()
    born = birth_date(number)
    if born is None or born.year < FIRST_YEAR:
        raise Rejected("not a resident id number")
    return number


def credit_code(value: Any) -> str:
    if not is_credit_code(text(value)):
        raise Rejected("not a credit code")
    return text(value)


_MOBILE = re.compile(r"(?:(?:\+|00)?86)?1[3-9][0-9]{9}")
_TELEPHONE = re.compile(r"\+?[0-9() -]{5,24}")


def is_mobile(written: str) -> bool:
    """Whether it is a mainland mobile number in any usual way of writing: with full-width digits, and signs between them, too."""
    return _MOBILE.fullmatch(re.sub(r"[\s().‐-―-]", "", normalize("NFKC", written))) is not None


def mobile(value: Any) -> str:
    if not is_mobile(text(value)):
        raise Rejected("not a mobile number")
    return text(value)


def telephone(value: Any) -> str:
    """Any telephone number, a fixed line too."""
    if _TELEPHONE.fullmatch(text(value)) is not None and sum(character.isdigit() for character in value) >= 5:
        return text(value)
    return mobile(value)


industry = one_of("ride_hailing", "instant_delivery", "freight", "courier", "other")
district = one_of(*DISTRICTS)

SCHEMAS: dict[str, Parser] = {
    "profile.declared.v1": record({
        "name": name, "industries": list_of(industry, 1, 10), "delivery_class": optional(one_of("a", "b")),
        "contact_phone": telephone,
    }, may_be_absent=("delivery_class",)),
    "engagement.started.v1": record({
        "worker_ref": reference, "id_number": id_number, "name": name, "phone": mobile, "industry": industry,
        "relation": one_of("employment", "partial", "self_employed"), "started_on": day, "district": district,
        "agreement": optional(record({
            "kind": one_of("contract", "written_agreement"), "number": reference, "signed_on": day,
            "term": optional(one_of("fixed", "open", "task")), "ends_on": optional(day),
        }, may_be_absent=("term", "ends_on"))),
        "safety_training": optional(record({"course": reference, "completed_on": day})),
        "partner_uscc": optional(credit_code), "dispatched": flag, "part_time": flag,
    }, may_be_absent=("part_time",)),
    "engagement.ended.v1": record({"worker_ref": reference, "ended_on": day, "reason": sized(0, 500)}),
    "order.finished.v1": record({
        "order_id": reference, "worker_ref": reference, "industry": industry, "taken_at": instant,
        "finished_at": instant, "district": district, "fee": money,
    }),
    "settlement.paid.v1": record({
        "settlement_id": reference, "worker_ref": reference, "period_start": day, "period_end": day, "orders": count,
        "gross": money, "deductions": list_of(record({"kind": reference, "amount": money})), "net": signed_money,
        "due_on": day, "paid_on": day, "components": list_of(record({"kind": reference, "amount": money}), at_most=50),
        "replaces": optional(reference),
    }, may_be_absent=("components", "replaces")),
    "worktime.recorded.v1": record({
        "session_id": reference, "worker_ref": reference, "online_at": instant, "offline_at": instant,
    }),
    "incident.reported.v1": record({
        "incident_id": reference, "worker_ref": reference, "order_id": optional(reference), "occurred_at": instant,
        "district": district, "place": sized(0, 500), "description": sized(0, 5000),
        "severity": one_of("minor", "serious", "fatal"),
    }),
    "training.completed.v1": record({
        "worker_ref": reference, "course": reference, "hours": quantity, "completed_on": day,
        "certificate_number": optional(reference),
    }),
    "employee.declared.v1": record({
        "worker_ref": reference, "id_number": id_number, "name": name, "started_on": day,
    }),
}  # fmt: skip

SPANS = {
    "order.finished.v1": ("taken_at", "finished_at"),
    "settlement.paid.v1": ("period_start", "period_end"),
    "worktime.recorded.v1": ("online_at", "offline_at"),
}


def accept(event: Any, position: int, now: datetime) -> Fact:
    """Read one event as the gateway must at `now` (aware); raises Rejected."""
    if not isinstance(event, dict) or event.get("specversion") != "1.0":
        raise Rejected("not a CloudEvent 1.0")
    reference(event.get("id"))
    source = _SOURCE.fullmatch(text(event.get("source")))
    if source is None:
        raise Rejected("not a platform's source")
    kind = text(event.get("type")).removeprefix(_PREFIX)
    if kind not in SCHEMAS or event["type"] == kind:
        raise Rejected("unknown type")
    fact = Fact(position, kind, credit_code(source[1]), instant(event.get("time")), SCHEMAS[kind](event.get("data")))
    instants = [fact.time, *(value for value in fact.data.values() if isinstance(value, datetime))]
    if any(value > now + AHEAD for value in instants):
        raise Rejected("ahead of time")
    if kind in SPANS:
        start, end = SPANS[kind]
        if fact.data[end] < fact.data[start]:
            raise Rejected("an end before its start")
    last_day = _years_later(now.astimezone(SHANGHAI).date())
    if any(not one.year >= FIRST_YEAR or one > last_day for one in _days(fact.data)):
        raise Rejected("a day before 1900, or more than ten years ahead")
    agreement = fact.data.get("agreement")
    if agreement and agreement["ends_on"] and agreement["ends_on"] < fact.data["started_on"]:
        raise Rejected("an end before its start")
    if sum((part["amount"] for part in fact.data.get("components") or ()), Decimal(0)) > fact.data.get("gross", 0):
        raise Rejected("components of more than the gross")
    if "replaces" in fact.data and fact.data["replaces"] == fact.data["settlement_id"]:
        raise Rejected("a settlement in its own place")
    if "id_number" in fact.data:
        born = birth_date(fact.data["id_number"])
        if born is None or born > now.astimezone(SHANGHAI).date():
            raise Rejected("born in the future")
    return fact


def _days(data: dict[str, Any]) -> Iterator[date]:
    """Every day that an event names, be it in a part of it."""
    for value in data.values():
        if isinstance(value, dict):
            yield from _days(value)
        elif isinstance(value, date) and not isinstance(value, datetime):
            yield value


def _years_later(today: date) -> date:
    leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year + YEARS_AHEAD, day=28 if leap_day else today.day)


def shanghai_day(moment: datetime) -> date:
    """The legal day of an instant."""
    return moment.astimezone(SHANGHAI).date()
