"""Which event becomes which message, and to whom: one table, whose rows stand with the service that tells the event.

Whoever adds an event adds a row there, and a text to `templates.yaml` and `titles.yaml`.
"""

from __future__ import annotations

from services.notifier.messages import complaints, insurance, registry, subsidies
from services.notifier.messages.message import Maker, Message
from shared.contracts.base import Fact

MAKERS: dict[type[Fact], Maker] = {
    **registry.MAKERS,
    **insurance.MAKERS,
    **complaints.MAKERS,
    **subsidies.MAKERS,
}


def messages_of(fact: Fact) -> list[Message]:
    """The messages that an event makes; none for an event that nobody need hear of."""
    make = MAKERS.get(type(fact))
    return [] if make is None else make(fact)
