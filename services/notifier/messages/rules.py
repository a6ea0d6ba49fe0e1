"""Which event becomes which message, and to whom: one table, put together from those of the services that publish the events.

Most messages go out at once. Those of the second table are held for a while, since a later event may take them back: events
that come in another order than they happened must neither alarm anybody for nothing nor say the same thing twice.

Whoever adds an event adds a row to the table of its service, and a text to `templates.yaml` and `titles.yaml`.
"""

from __future__ import annotations

from services.notifier.complaints_notices import rules as complaints
from services.notifier.insurance_notices import rules as insurance
from services.notifier.registry_notices import rules as registry
from services.notifier.subsidies_notices import rules as subsidies
from services.notifier.templates.rules import Maker, Message, Reader, Standing
from shared.contracts.base import Fact

MAKERS: dict[type[Fact], Maker] = {
    **registry.MAKERS,
    **insurance.MAKERS,
    **complaints.MAKERS,
    **subsidies.MAKERS,
}

READERS: dict[type[Fact], Reader] = {**registry.READERS, **insurance.READERS}
"""The events of which a later one of the same fact may say otherwise."""


def messages_of(fact: Fact) -> list[Message]:
    """The messages that an event makes; none for an event that nobody need hear of."""
    make = MAKERS.get(type(fact))
    return [] if make is None else make(fact)


def standing_of(fact: Fact) -> Standing | None:
    """How the fact of an event stands, where its messages are held; None where they go out at once."""
    read = READERS.get(type(fact))
    return None if read is None else read(fact)
