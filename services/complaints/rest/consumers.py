"""Time online, from platforms: stored as working time, and looked at. A union is the same however often it is told."""

from __future__ import annotations

from collections.abc import Sequence

from services.complaints.rest.commands import look
from services.complaints.work_time.commands import store
from shared.contracts.base import CloudEvent
from shared.contracts.platform import WorktimeRecorded
from shared.messaging.consuming import consumes_in_bulk

GROUP = "complaints.hours"


@consumes_in_bulk(WorktimeRecorded, group=GROUP)
async def on_sessions(events: Sequence[CloudEvent[WorktimeRecorded]]) -> None:
    await look(await store(events))
