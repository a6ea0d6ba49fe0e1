"""By which way a recipient is told, and which of two facts about one is the newer."""

from __future__ import annotations

from typing import Literal

Channel = Literal["sms", "push"]
Preference = Literal["sms", "push", "auto"]


def channel_for(preference: Preference, *, has_device: bool) -> Channel:
    """The channel of a worker's message.

    Notices of the law cannot be switched off: who has no device with the app gets an SMS, whatever they prefer. `auto`
    leaves the choice to the service, which takes the app where it can.
    """
    return "push" if has_device and preference != "sms" else "sms"


Standing = tuple[str, str, int]


def standing(started_on: str, engagement_id: str, version: int) -> Standing:
    """How an engagement ranks among those of one reference: the one begun last (ISO date) counts, of it the last version."""
    return (started_on, engagement_id, version)
