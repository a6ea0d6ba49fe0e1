"""Reading one batch ahead of the work: what was read is not read again, and no fault of the reading touches the work."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

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
    return Fetcher({Note.TYPE: Note}, most=1000, wait_ms=10, rest_seconds=0)


async def names(own: Fetcher, client: Client) -> list[str]:
    return [read.event.data.name for read in await own.fetch(client) if isinstance(read.event, CloudEvent)]


async def nothing() -> None:
    await asyncio.sleep(0)


async def test_each_record_is_read_as_what_it_is() -> None:
    batch = await fetcher().fetch(
        Client([record("a"), record("b", "cn.deyang.test.other.v1"), record("c", value=b"{")])
    )
    assert [type(read.event) for read in batch] == [CloudEvent, type(None), InvalidEvent]


async def test_what_is_read_beside_the_work_comes_next() -> None:
    own, client = fetcher(), Client([record("a")], [record("b")], [record("c")])
    assert await names(own, client) == ["a"]
    await own.beside(nothing())
    assert len(client.answers) == 1
    assert await names(own, client) == ["b"]
    assert await names(own, client) == ["c"]


async def test_a_long_batch_leaves_the_work_its_turn() -> None:
    own, client = fetcher(), Client([record("a")], [record(str(number)) for number in range(1000)])
    await own.fetch(client)
    seen: list[int] = []

    async def work() -> None:
        for _ in range(3):
            await asyncio.sleep(0)
            seen.append(len(own._ahead))

    await own.beside(work())
    assert seen == [0, 0, 0]
    assert len(await own.fetch(client)) == 1000


async def test_an_unreadable_record_lets_the_work_end_and_nothing_comes_after_it() -> None:
    own, client = fetcher(), Client([record("a")], ValueError("not UTF-8"), [record("c")])
    await own.fetch(client)
    await own.beside(nothing())
    for _ in range(2):
        with pytest.raises(Unreadable):
            await own.fetch(client)


async def test_a_fault_of_the_broker_beside_the_work_is_met_by_the_next_fetch() -> None:
    own, client = fetcher(), Client([record("a")], KafkaError(), [record("b")])
    await own.fetch(client)
    await own.beside(nothing())
    assert await names(own, client) == ["b"]


async def test_work_that_fails_fails() -> None:
    own, client = fetcher(), Client([record("a")], [record("b")])
    await own.fetch(client)

    async def work() -> None:
        raise RuntimeError("away")

    with pytest.raises(RuntimeError, match="away"):
        await own.beside(work())
    assert await names(own, client) == ["b"]
