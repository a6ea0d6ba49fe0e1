"""By which channel a recipient gets messages, and which of two facts about one is the newer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Channel = Literal["sms", "push"]
Preference = Literal["sms", "push", "auto"]


def channels_for(preference: Preference, chosen: Sequence[Channel] = ()) -> list[Channel]:
    """The channels in the order in which they are tried: the first that works is taken.

    Notices of the law cannot be switched off: a channel that a worker leaves out of their list comes last. `auto`, which counts
    where no list is chosen, leaves the choice to the service, which takes the app.
    """
    order: list[Channel] = list(dict.fromkeys(chosen)) or (["sms"] if preference == "sms" else ["push"])
    others: list[Channel] = ["push", "sms"]
    return [*order, *(one for one in others if one not in order)]


def rank(started_on: str, engagement_id: str, version: int) -> tuple[str, str, int]:
    """How an engagement ranks among those of one reference: the one begun last (ISO date) counts, of it the last version."""
    return (started_on, engagement_id, version)
