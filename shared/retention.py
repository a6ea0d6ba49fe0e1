"""For how long what was told is kept, and with it what says that it was heard."""

from __future__ import annotations

from typing import Final

EVENT_DAYS: Final = 90
"""Days for which topics keep events, and services what they publish them from: outbox rows and pushed batches."""

DEAD_LETTER_DAYS: Final = 180
"""Days for which a dead letter is kept, and can be sent again."""

MARK_DAYS: Final = EVENT_DAYS + DEAD_LETTER_DAYS
"""Days for which a group's mark of an event is kept: another group may put the event aside on the topic's last day, and it
may be sent again, to all groups, on the dead letter's last."""
