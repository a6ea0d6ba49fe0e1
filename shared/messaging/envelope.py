"""CloudEvents 1.0 over the Kafka protocol binding, binary mode: attributes in `ce_` headers, JSON in the value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec

from shared.contracts.base import CloudEvent, Fact

Headers = list[tuple[str, bytes]]

CONTENT_TYPE = b"application/json"


class InvalidEvent(ValueError):
    """A record that is not an event of its declared type, and never will be."""


def headers_of(
    event_id: str, source: str, type_name: str, time: dt.datetime, traceparent: str | None = None
) -> Headers:
    headers: Headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id.encode()),
        ("ce_source", source.encode()),
        ("ce_type", type_name.encode()),
        ("ce_time", time.isoformat().encode()),
        ("content-type", CONTENT_TYPE),
    ]
    if traceparent:
        headers.append(("traceparent", traceparent.encode()))
    return headers


def header(headers: Sequence[tuple[str, bytes]], name: str) -> str | None:
    """The value of a header, or None; raises `InvalidEvent` where it is not UTF-8."""
    for key, value in headers:
        if key == name:
            try:
                return value.decode()
            except UnicodeDecodeError:
                raise InvalidEvent(f"the attribute {name} is not UTF-8") from None
    return None


_decoders: dict[type[Fact], msgspec.json.Decoder[Any]] = {}


def decode(fact: type[Fact], headers: Sequence[tuple[str, bytes]], value: bytes | None) -> CloudEvent[Any]:
    """Read a record as an event of this type; raises `InvalidEvent`, whose text quotes nothing of the value."""
    attributes = dict(headers)
    try:
        decoder = _decoders.get(fact)
        if decoder is None:
            decoder = _decoders[fact] = msgspec.json.Decoder(fact)
        trace = attributes.get("traceparent")
        time = dt.datetime.fromisoformat(attributes["ce_time"].decode())
        if time.tzinfo is None:
            raise InvalidEvent("ce_time has no offset")
        return CloudEvent(
            id=attributes["ce_id"].decode(),
            source=attributes["ce_source"].decode(),
            type=fact.TYPE,
            time=time,
            data=decoder.decode(value or b""),
            traceparent=trace.decode() if trace else None,
        )
    except KeyError as error:
        raise InvalidEvent(f"the attribute {error.args[0]} is missing") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise InvalidEvent(f"{type(error).__name__}: {error}") from None
