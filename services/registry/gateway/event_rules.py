"""The nine events as platforms push them: CloudEvents in JSON, with the personal fields in clear.

What is pushed is bounded more narrowly than what is published: an event of the past must go on being read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final

import msgspec

from shared.contracts import platform
from shared.contracts.base import Fact, Id, Instant

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
IdNumber = Annotated[str, msgspec.Meta(max_length=18)]
Uscc = Annotated[str, msgspec.Meta(min_length=18, max_length=18)]
OrderCount = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
"""More orders than anybody finishes in a period that is paid at once."""
Hours = Annotated[float, msgspec.Meta(ge=0, le=10_000)]
"""More hours than any course has."""


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """The CloudEvents attributes that count here; others are ignored. `data` is read by its type."""

    id: Id
    source: Text
    specversion: Text
    type: Text
    time: Instant
    data: msgspec.Raw


class PlainProfile(msgspec.Struct, frozen=True, kw_only=True):
    """`ProfileDeclared` before it is sealed."""

    name: Text
    industries: Annotated[tuple[platform.Industry, ...], msgspec.Meta(min_length=1, max_length=10)]
    contact_phone: Text
    delivery_class: platform.DeliveryClass | None = None


class PlainEngagement(msgspec.Struct, frozen=True, kw_only=True):
    """`EngagementStarted` before it is sealed."""

    worker_ref: Id
    id_number: IdNumber
    name: Text
    phone: Text
    industry: platform.Industry
    relation: platform.Relation
    started_on: date
    district: platform.District
    agreement: platform.Agreement | None
    safety_training: platform.SafetyTraining | None
    partner_uscc: Uscc | None
    dispatched: bool
    part_time: bool = False


class PlainEnding(msgspec.Struct, frozen=True, kw_only=True):
    """`EngagementEnded` before it is sealed."""

    worker_ref: Id
    ended_on: date
    reason: Annotated[str, msgspec.Meta(max_length=500)]


class PlainIncident(msgspec.Struct, frozen=True, kw_only=True):
    """`IncidentReported` before it is sealed."""

    incident_id: Id
    worker_ref: Id
    order_id: Id | None
    occurred_at: Instant
    district: platform.District
    place: Annotated[str, msgspec.Meta(max_length=500)]
    description: Annotated[str, msgspec.Meta(max_length=5000)]
    severity: platform.Severity


class PlainDeclaration(msgspec.Struct, frozen=True, kw_only=True):
    """`EmployeeDeclared` before it is sealed."""

    worker_ref: Id
    id_number: IdNumber
    name: Text
    started_on: date


class PushedSettlement(platform.SettlementPaid, frozen=True, kw_only=True):
    """`SettlementPaid` within the bounds of a push."""

    orders: OrderCount
    deductions: Annotated[tuple[platform.Deduction, ...], msgspec.Meta(max_length=100)]
    components: Annotated[tuple[platform.Component, ...], msgspec.Meta(max_length=50)] = ()


class PushedTraining(platform.TrainingCompleted, frozen=True, kw_only=True):
    """`TrainingCompleted` within the bounds of a push."""

    hours: Hours


PUSHED: Final[dict[type[Fact], type[msgspec.Struct]]] = {
    platform.ProfileDeclared: PlainProfile,
    platform.EngagementStarted: PlainEngagement,
    platform.EngagementEnded: PlainEnding,
    platform.IncidentReported: PlainIncident,
    platform.SettlementPaid: PushedSettlement,
    platform.TrainingCompleted: PushedTraining,
    platform.EmployeeDeclared: PlainDeclaration,
}
"""What is pushed in another form than it is published."""

DECODERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {
    fact.TYPE: msgspec.json.Decoder(PUSHED.get(fact, fact)) for fact in platform.NATURAL_KEY
}
"""What reads the data of each type."""

ENVELOPE: Final = msgspec.json.Decoder(Envelope)


def schema() -> dict[str, Any]:
    """The JSON Schema of a pushed event, as a platform needs it: one for each type, with its definitions in their place."""
    return {"oneOf": [_schema_of(fact) for fact in platform.NATURAL_KEY]}


def _schema_of(fact: type[Fact]) -> dict[str, Any]:
    envelope, data = msgspec.json.schema(Envelope), msgspec.json.schema(PUSHED.get(fact, fact))
    shown: dict[str, Any] = _in_place({"$ref": "#/$defs/Envelope"}, envelope["$defs"])
    given = {"type": {"const": fact.TYPE}, "data": _in_place({"$ref": data["$ref"]}, data["$defs"])}
    return {**shown, "title": fact.TYPE, "properties": {**shown["properties"], **given}}


def _in_place(node: Any, definitions: dict[str, Any]) -> Any:
    """A schema with every reference replaced by what it refers to."""
    if isinstance(node, list):
        return [_in_place(one, definitions) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _in_place(definitions[node["$ref"].rpartition("/")[2]], definitions)
    return {name: _in_place(one, definitions) for name, one in node.items()}


UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)
"""What a decoder raises on bytes that it does not take."""

_PLACE: Final = re.compile(r" - at `\$\.?(?P<path>[\w.\[\]]+)`$")
_MISSING: Final = re.compile(r"missing required field `(?P<field>\w+)`")


def field_of(error: Exception) -> str:
    """The field that a decoder's error is about, by the names of our schema; empty where it is the whole value.

    The rest of the error's text is left alone: it may quote what was sent.
    """
    text = str(error)
    place, missing = _PLACE.search(text), _MISSING.search(text)
    path = place["path"] if place else ""
    return ".".join(part for part in (path, missing["field"] if missing else "") if part)


class _Names(msgspec.Struct, frozen=True):
    id: Any = None
    type: Any = None


def names_of(raw: bytes | msgspec.Raw) -> tuple[str | None, str | None]:
    """Id and type of an event that does not hold, as far as it has them; cut to the length that either may have."""
    try:
        names = msgspec.json.decode(raw, type=_Names)
    except UNREADABLE:
        return None, None
    return _short(names.id), _short(names.type)


def _short(value: Any) -> str | None:
    return value[:128] if isinstance(value, str) else None


RawEvents = Sequence[bytes | msgspec.Raw]
