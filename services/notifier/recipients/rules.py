"""By which channel a recipient gets messages, and which of two facts about one is the newer."""

from __future__ import annotations

from typing import Literal

Channel = Literal["sms", "push"]
Preference = Literal["sms", "push", "auto"]


def channel_for(preference: Preference) -> Channel:
    """The channel of a message to a worker who has a device with the app; who has none gets an SMS whatever they prefer.

    Notices of the law cannot be switched off. `auto` leaves the choice to the service, which takes the app.
    """
    return "sms" if preference == "sms" else "push"


def rank(started_on: str, engagement_id: str, version: int) -> tuple[str, str, int]:
    """How an engagement ranks among those of one reference: the one begun last (ISO date) counts, of it the last version."""
    return (started_on, engagement_id, version)
