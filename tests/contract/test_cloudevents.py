"""Our records are CloudEvents 1.0 on Kafka in binary mode: the SDK reads ours, and we read the SDK's."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent as SdkEvent

from shared import clock
from shared.contracts import catalogue
from shared.ids import new_id
from shared.messaging.envelope import InvalidEvent, decode, headers_of
from tests.contract.test_published_events import GOLDEN

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
MESSAGES = {path.stem: json.loads(path.read_text("utf-8")) for path in GOLDEN}
BILL = "cn.deyang.insurance.bill.issued.v1"


def ours(name: str, time: dt.datetime) -> KafkaMessage:
    """A record as our relay writes it."""
    headers = dict(headers_of(new_id(), "/services/insurance", name, time, TRACE))
    return KafkaMessage(headers, MESSAGES[name]["key"].encode(), json.dumps(MESSAGES[name]["value"]).encode())


def theirs(name: str, **attributes: Any) -> KafkaMessage:
    """A record as the SDK writes it."""
    required = {"id": new_id(), "source": "/services/insurance", "type": name, "datacontenttype": "application/json"}
    event = SdkEvent(required | {"time": clock.now(), "specversion": "1.0"} | attributes, MESSAGES[name]["value"])
    return to_binary(event, JSONFormat())


def read_by_us(name: str, message: KafkaMessage) -> Any:
    return decode(catalogue[name], list(message.headers.items()), message.value)


@pytest.mark.parametrize("name", MESSAGES)
def test_the_sdk_reads_our_records(name: str) -> None:
    time = clock.now()
    message = ours(name, time)
    event = from_binary(message, JSONFormat())
    assert event.get_specversion() == "1.0"
    assert event.get_id() == message.headers["ce_id"].decode()
    assert event.get_source() == "/services/insurance"
    assert event.get_type() == name
    assert event.get_datacontenttype() == "application/json"
    assert event.get_time() == time
    assert event.get_data() == MESSAGES[name]["value"]


@pytest.mark.parametrize("name", MESSAGES)
def test_we_read_the_sdks_records(name: str) -> None:
    message = theirs(name)
    event = read_by_us(name, message)
    assert event.id == message.headers["ce_id"].decode()
    assert event.source == "/services/insurance"
    assert event.type == name
    assert event.time == from_binary(message, JSONFormat()).get_time()


@pytest.mark.parametrize(
    "time",
    [
        dt.datetime(2026, 9, 30, 4, 0, tzinfo=dt.UTC),
        dt.datetime(2026, 9, 30, 4, 0, 0, 125000, tzinfo=dt.UTC),
        dt.datetime(2026, 9, 30, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=8))),
    ],
)
def test_a_time_means_the_same_to_both(time: dt.datetime) -> None:
    assert from_binary(ours(BILL, time), JSONFormat()).get_time() == time
    assert read_by_us(BILL, ours(BILL, time)).time == time
    assert read_by_us(BILL, theirs(BILL, time=time)).time == time


def test_an_unknown_extension_attribute_is_no_obstacle() -> None:
    assert read_by_us(BILL, theirs(BILL, sequence="7")).type == BILL


@pytest.mark.parametrize("missing", ["ce_id", "ce_source", "ce_time"])
def test_a_record_without_a_needed_attribute_is_no_event(missing: str) -> None:
    message = theirs(BILL)
    del message.headers[missing]
    with pytest.raises(InvalidEvent, match=missing):
        read_by_us(BILL, message)


def test_the_sdk_takes_no_record_without_a_source_either() -> None:
    message = ours(BILL, clock.now())
    del message.headers["ce_source"]
    with pytest.raises(CloudEventValidationError):
        from_binary(message, JSONFormat())


def test_our_headers_are_those_of_the_specification_or_the_trace() -> None:
    known = {"ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type", "traceparent"}
    assert ours(BILL, clock.now()).headers.keys() == known
