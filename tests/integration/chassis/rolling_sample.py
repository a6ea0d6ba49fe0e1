"""A service of which two versions run side by side: `VERSION=old python -m tests.integration.chassis.rolling_sample`, or `new`.

The new version has added a field to the event that both tell and hear, and stores it.
"""

from __future__ import annotations

import os
import sys

from shared.contracts.base import CloudEvent, Fact, Id, Topic
from shared.main import main
from shared.messaging.consuming import consumes
from shared.service import Service
from shared.storage.records import Record
from shared.storage.transaction import Transaction

NOTES = Topic("test.note", partitions=6)
VERSION = os.environ.get("VERSION", "new")


class OldNote(Fact, frozen=True, kw_only=True):
    name: Id


class NewNote(Fact, frozen=True, kw_only=True):
    name: Id
    mood: str = "plain"


for _fact in (OldNote, NewNote):
    _fact.TYPE, _fact.TOPIC, _fact.KEY = "cn.deyang.test.note.taken.v1", NOTES, ("name",)


class Heard(Record):
    """A note, by which version it was heard, and its mood where that one knows of moods."""

    times: int
    by: str
    mood: str | None = None

    class Settings:
        name = "heard"


async def _hear(name: str, mood: str | None, tx: Transaction) -> None:
    known = await Heard.of(name, tx)
    heard = known or Heard(id=name, times=0, by=VERSION, mood=mood)
    heard.times += 1
    await heard.put(tx)


if VERSION == "old":

    @consumes(OldNote, group="rolling.hearing")
    async def on_old_note(event: CloudEvent[OldNote], tx: Transaction) -> None:
        await _hear(event.data.name, None, tx)

else:

    @consumes(NewNote, group="rolling.hearing")
    async def on_new_note(event: CloudEvent[NewNote], tx: Transaction) -> None:
        await _hear(event.data.name, event.data.mood, tx)


SERVICE = Service(
    "rolling",
    title="样例",
    description="A service for the test of rolling upgrades.",
    documents=[Heard],
    routers=[],
    modules=[sys.modules[__name__]],
)

if __name__ == "__main__":
    main(SERVICE)
