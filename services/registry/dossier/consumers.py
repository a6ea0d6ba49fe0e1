"""Every fact of every service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.registry.dossier import commands
from services.registry.dossier.contents import FACTS
from shared.contracts.base import CloudEvent
from shared.messaging.consuming import consumes_in_bulk


@consumes_in_bulk(*FACTS, group="registry.dossier", fetch_wait_ms=1000)
async def on_facts(events: Sequence[CloudEvent[Any]]) -> None:
    await commands.gather(events)
