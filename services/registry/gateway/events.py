"""The eight events as platforms push them: CloudEvents in JSON, with the personal fields in clear."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final

import msgspec

from shared.contracts import platform
from shared.contracts.base import Fact, Id, Instant

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """The CloudEvents attributes that count here; others are ignored. `data` is read by its type."""

    id: Id
    source: str
    specversion: str
    type: str
    time: Instant
    data: msgspec.Raw


class PlainProfile(msgspec.Struct, frozen=True, kw_only=True):
    """`ProfileDeclared` before it is sealed."""

    name: Text
    industries: Annotated[tuple[platform.Industry, ...], msgspec.Meta(min_length=1)]
    contact_phone: Text
    delivery_class: platform.DeliveryClass | None = None


class PlainEngagement(msgspec.Struct, frozen=True, kw_only=True):
    """`EngagementStarted` before it is sealed."""

    worker_ref: Id
    id_number: str
    name: Text
    phone: Text
    industry: platform.Industry
    relation: platform.Relation
    started_on: date
    district: platform.District
    agreement: platform.Agreement | None
    safety_training: platform.SafetyTraining | None
    partner_uscc: str | None
    dispatched: bool


PLAIN: Final[dict[type[Fact], type[msgspec.Struct]]] = {
    platform.ProfileDeclared: PlainProfile,
    platform.EngagementStarted: PlainEngagement,
}
"""What is pushed in another form than it is published."""

DECODERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {
    fact.TYPE: msgspec.json.Decoder(PLAIN.get(fact, fact)) for fact in platform.NATURAL_KEY
}
"""What reads the data of each type."""

ENVELOPE: Final = msgspec.json.Decoder(Envelope)

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
