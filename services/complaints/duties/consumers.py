"""What the registry and insurance tell of papers, licences, enrolments, bills, advances and policies."""

from __future__ import annotations

from collections.abc import Sequence

from services.complaints.duties import commands
from services.complaints.duties.rules import HEARD
from shared.contracts.base import CloudEvent, Fact
from shared.contracts.registry import EngagementFact
from shared.messaging.consuming import consumes_in_bulk


@consumes_in_bulk(*(one for one in HEARD if not issubclass(one, EngagementFact)), group="complaints.duties")
async def on_facts(events: Sequence[CloudEvent[Fact]]) -> None:
    await commands.follow(events)
