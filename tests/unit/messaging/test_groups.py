"""What a group of consumers may be made of."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.base import CloudEvent, Fact, Id, Topic
from shared.messaging.consuming import consumes
from shared.messaging.groups import Group
from shared.settings import KafkaSettings
from shared.storage.transaction import Transaction


class Note(Fact, frozen=True, kw_only=True):
    name: Id


Note.TYPE, Note.TOPIC, Note.KEY = "cn.deyang.test.note.said.v1", Topic("test.note"), ("name",)


def test_a_type_has_one_handler_in_a_group() -> None:
    """Of two the one would never be called."""

    @consumes(Note, group="test.notes")
    async def one(event: CloudEvent[Note], tx: Transaction) -> None: ...

    @consumes(Note, group="test.notes")
    async def other(event: CloudEvent[Note], tx: Transaction) -> None: ...

    nobody: Any = None
    kafka = KafkaSettings(bootstrap="127.0.0.1:1")
    assert Group("test.notes", [one], nobody, kafka).topics == ["test.note"]
    with pytest.raises(ValueError, match="two handlers"):
        Group("test.notes", [one, other], nobody, kafka)
