"""What a group takes from Kafka: each record read as what it is."""

from __future__ import annotations

from typing import Any

import pytest
from aiokafka import ConsumerRecord, TopicPartition

from shared import clock
from shared.contracts.base import CloudEvent, Fact, Id, Topic
from shared.messaging.envelope import InvalidEvent, headers_of
from shared.messaging.fetching import Fetcher, Unreadable


class Note(Fact, frozen=True, kw_only=True):
    name: Id


Note.TYPE, Note.TOPIC, Note.KEY = "cn.deyang.test.note.said.v1", Topic("test.note"), ("name",)


class Client:
    """Gives out what it was told to, one thing for each question."""

    def __init__(self, *answers: list[ConsumerRecord[Any, Any]] | Exception) -> None:
        self.answers = list(answers)

    async def getmany(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[ConsumerRecord[Any, Any]]]:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {TopicPartition("test.note", 0): answer}


def record(name: str, type_name: str = Note.TYPE, value: bytes | None = None) -> ConsumerRecord[Any, Any]:
    headers = tuple(headers_of(name, "/services/test", type_name, clock.now()))
    data = b'{"name": "%s"}' % name.encode() if value is None else value
    return ConsumerRecord("test.note", 0, 0, 0, 0, None, data, None, 0, len(data), headers)


def fetcher() -> Fetcher:
    return Fetcher({Note.TYPE: Note}, most=1000, rest_seconds=0)


async def test_each_record_is_read_as_what_it_is() -> None:
    batch = await fetcher().fetch(
        Client([record("a"), record("b", "cn.deyang.test.other.v1"), record("c", value=b"{")])
    )
    assert [type(read.event) for read in batch] == [CloudEvent, type(None), InvalidEvent]


async def test_an_unreadable_record_is_told_as_such() -> None:
    own = fetcher()
    with pytest.raises(Unreadable, match="ValueError"):
        await own.fetch(Client(ValueError("not UTF-8, and what it says")))
