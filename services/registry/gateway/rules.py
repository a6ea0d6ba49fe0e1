"""What the gateway takes and what it refuses. Every refusal says why in Chinese and English, and quotes nothing.

The list of reasons is part of the outside contract: a schema that does not hold, a check digit that does not fit, a
district that is not Deyang's, an end before its start, a time ahead, a date before 1900 or more than ten years ahead, a
number beyond what its field can mean, a settlement in its own place, a source that is not the caller's.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from services.registry.gateway.event_rules import (
    DECODERS,
    ENVELOPE,
    Envelope,
    PlainDeclaration,
    PlainEnding,
    PlainEngagement,
    PlainIncident,
    PlainProfile,
    PushedSettlement,
    PushedTraining,
    field_of,
)
from shared.contracts import platform
from shared.contracts.base import yuan
from shared.errors import RuleBroken
from shared.identity import phones, resident_id, uscc
from shared.identity.regions import is_district
from shared.policy.calendar import SHANGHAI, months_after

CLOCK_TOLERANCE: Final = dt.timedelta(minutes=5)
"""How far a platform's clock may be ahead: a constant of the outside contract, not of any law."""

FIRST_YEAR: Final = 1900
"""Nothing that is pushed happened before; of an earlier day no law in the parameters speaks."""

YEARS_AHEAD: Final = 10
"""How far ahead a day may lie that a platform names: a constant of the outside contract."""

_TELEPHONE: Final = re.compile(r"(?=(?:.*[0-9]){5})\+?[0-9() -]{5,24}", re.ASCII)


def refused(zh: str, en: str) -> RuleBroken:
    """Why the gateway does not take an event; the texts may be shown and stored."""
    return RuleBroken("event-refused", zh, en)


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant of a push, as the rules need it: the latest time that an event may bear, the legal day, and the last
    legal day that an event may name."""

    latest: dt.datetime
    today: dt.date
    last_day: dt.date


def moment_of(now: dt.datetime) -> Moment:
    today = now.astimezone(SHANGHAI).date()
    return Moment(now + CLOCK_TOLERANCE, today, months_after(today, 12 * YEARS_AHEAD))


def read(raw: bytes | msgspec.Raw, source: str, moment: Moment) -> tuple[Envelope, Any]:
    """A pushed event and its data as it is kept; raises RuleBroken, or what is UNREADABLE, for one that is not taken."""
    envelope = ENVELOPE.decode(raw)
    check_envelope(envelope, source, moment)
    return envelope, check(DECODERS[envelope.type].decode(envelope.data), moment)


def reason_of(error: Exception) -> tuple[str, str]:
    """Why an event is not taken, in Chinese and English, by what `read` raised."""
    if isinstance(error, RuleBroken):
        return error.zh, error.en
    field = field_of(error)
    if not field:
        return "事件不符合格式", "the event does not hold to its schema"
    return f"{field} 缺失或不符合格式", f"{field} is missing or does not hold to the schema"


def check_envelope(envelope: Envelope, source: str, moment: Moment) -> None:
    """Check the CloudEvents attributes against the `source` of the caller; raises RuleBroken."""
    if envelope.specversion != "1.0":
        raise refused("specversion 不是 1.0", "specversion is not 1.0")
    if envelope.source != source:
        raise refused("source 不是调用方自己的", "source is not the caller's")
    if envelope.type not in DECODERS:
        raise refused("未知的事件类型", "unknown type")
    _check_instant("time", envelope.time, moment)


def check(data: Any, moment: Moment) -> Any:
    """The data of an event as it is kept, its numbers in their usual form; raises RuleBroken."""
    return _CHECKS[type(data)](data, moment)


def _check_instant(field: str, value: dt.datetime, moment: Moment) -> None:
    if value > moment.latest:
        raise refused(f"{field} 超前五分钟以上", f"{field} is more than five minutes ahead")
    if value.year < FIRST_YEAR:
        raise refused(f"{field} 早于 1900 年", f"{field} lies before 1900")


def _check_day(field: str, day: dt.date, moment: Moment) -> None:
    if day.year < FIRST_YEAR:
        raise refused(f"{field} 早于 1900 年", f"{field} lies before 1900")
    if day > moment.last_day:
        raise refused(f"{field} 晚于今后十年", f"{field} lies more than ten years ahead")


def _check_district(code: str) -> None:
    if not is_district(code):
        raise refused("district 不是德阳市的区（市、县）代码", "district is not one of Deyang's")


def _check_money(field: str, amount: str) -> None:
    # the schema's pattern lets other scripts' digits and a line end through
    if not amount.isascii() or amount[-1] == "\n":
        raise refused(f"{field} 不是规范的金额", f"{field} is not an amount")


def _check_period(start: str, starts: dt.datetime, end: str, ends: dt.datetime, moment: Moment) -> None:
    # the cheapest order of the comparisons, which are most of the work on an order
    _check_span(start, starts, end, ends)
    _check_instant(end, ends, moment)
    if starts.year < FIRST_YEAR:
        _check_instant(start, starts, moment)


def _check_span(start: str, starts: Any, end: str, ends: Any) -> None:
    if ends < starts:
        raise refused(f"{end} 早于 {start}", f"{end} lies before {start}")


def _profile(data: PlainProfile, _: Moment) -> PlainProfile:
    # a company may be reached on a fixed line, which gets no SMS but is no mistake
    try:
        contact_phone = phones.parse(data.contact_phone)
    except phones.InvalidPhone:
        if _TELEPHONE.fullmatch(data.contact_phone) is None:
            raise refused("contact_phone 不是电话号码", "contact_phone is not a telephone number") from None
        contact_phone = data.contact_phone
    return msgspec.structs.replace(data, contact_phone=contact_phone)


def _engagement(data: PlainEngagement, moment: Moment) -> PlainEngagement:
    id_number = _id_number(data.id_number, moment)
    try:
        phone = phones.parse(data.phone)
    except phones.InvalidPhone as error:
        raise refused("phone 不是手机号码", f"phone: {error}") from None
    if data.partner_uscc is not None:
        _check_uscc(data.partner_uscc)
    _check_district(data.district)
    _check_day("started_on", data.started_on, moment)
    if data.agreement is not None:
        _check_day("agreement.signed_on", data.agreement.signed_on, moment)
        if data.agreement.ends_on is not None:
            _check_day("agreement.ends_on", data.agreement.ends_on, moment)
            _check_span("started_on", data.started_on, "agreement.ends_on", data.agreement.ends_on)
    if data.safety_training is not None:
        _check_day("safety_training.completed_on", data.safety_training.completed_on, moment)
    return msgspec.structs.replace(data, id_number=id_number, phone=phone)


def _id_number(text: str, moment: Moment) -> str:
    try:
        return resident_id.parse(text, moment.today).number
    except resident_id.InvalidResidentId as error:
        raise refused("id_number 不是有效的证件号码", f"id_number: {error}") from None


def _check_uscc(code: str) -> None:
    try:
        same = uscc.parse(code) == code
    except uscc.InvalidUscc:
        same = False
    if not same:  # GB 32100 knows capitals only
        raise refused("partner_uscc 不是有效的统一社会信用代码", "partner_uscc is not a credit code that holds")


def _ended(data: PlainEnding, moment: Moment) -> PlainEnding:
    _check_day("ended_on", data.ended_on, moment)
    return data


def _order(data: platform.OrderFinished, moment: Moment) -> platform.OrderFinished:
    _check_period("taken_at", data.taken_at, "finished_at", data.finished_at, moment)
    _check_district(data.district)
    _check_money("fee", data.fee)
    return data


def _settlement(data: PushedSettlement, moment: Moment) -> PushedSettlement:
    _check_span("period_start", data.period_start, "period_end", data.period_end)
    for field in ("period_start", "period_end", "due_on", "paid_on"):
        _check_day(field, getattr(data, field), moment)
    _check_money("gross", data.gross)
    _check_money("net", data.net)
    for deduction in data.deductions:
        _check_money("deductions", deduction.amount)
    for component in data.components:
        _check_money("components", component.amount)
    if sum(yuan(component.amount) for component in data.components) > yuan(data.gross):
        raise refused("components 之和大于 gross", "components are more than gross together")
    if data.replaces == data.settlement_id:
        raise refused("replaces 是该结算自己的 settlement_id", "replaces is the settlement's own id")
    return data


def _worktime(data: platform.WorktimeRecorded, moment: Moment) -> platform.WorktimeRecorded:
    _check_period("online_at", data.online_at, "offline_at", data.offline_at, moment)
    return data


def _incident(data: PlainIncident, moment: Moment) -> PlainIncident:
    _check_instant("occurred_at", data.occurred_at, moment)
    _check_district(data.district)
    return data


def _training(data: PushedTraining, moment: Moment) -> PushedTraining:
    _check_day("completed_on", data.completed_on, moment)
    return data


def _declaration(data: PlainDeclaration, moment: Moment) -> PlainDeclaration:
    _check_day("started_on", data.started_on, moment)
    return msgspec.structs.replace(data, id_number=_id_number(data.id_number, moment))


_CHECKS: Final[dict[type[Any], Callable[[Any, Moment], Any]]] = {
    PlainProfile: _profile,
    PlainEngagement: _engagement,
    PlainEnding: _ended,
    platform.OrderFinished: _order,
    PushedSettlement: _settlement,
    platform.WorktimeRecorded: _worktime,
    PlainIncident: _incident,
    PushedTraining: _training,
    PlainDeclaration: _declaration,
}
