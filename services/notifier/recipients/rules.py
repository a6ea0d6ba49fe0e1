"""By which channels a recipient gets messages, which desk is whose, and which of two facts about one is the newer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from services.notifier.notices.rows import Channel
from services.notifier.notices.rules import RecipientKind
from shared.identity.regions import CITY

Preference = Literal["sms", "push", "auto"]
WorkerChannel = Literal["sms", "push"]
USUAL: Final[Sequence[WorkerChannel]] = ("push", "sms")


def channels_for(preference: Preference, chosen: Sequence[WorkerChannel] = ()) -> list[WorkerChannel]:
    """The channels in the order in which they are tried: the first that works is taken.

    Notices of the law cannot be switched off: a channel that a worker leaves out of their list comes last. `auto`, which counts
    where no list is chosen, leaves the choice to the service, which takes the app.
    """
    order: list[WorkerChannel] = list(dict.fromkeys(chosen)) or (["sms"] if preference == "sms" else ["push"])
    return [*order, *(one for one in USUAL if one not in order)]


def order(kind: RecipientKind, preferred: Sequence[WorkerChannel], asked: Sequence[Channel]) -> Sequence[Channel]:
    """The channels in the order in which they are tried: those of the row, a worker's own, or the usual ones."""
    return asked or (preferred if kind == "worker" else ("sms", "email"))


def rank(started_on: str, engagement_id: str, version: int) -> tuple[str, str, int]:
    """How an engagement ranks among those of one reference: the one begun last (ISO date) counts, of it the last version."""
    return (started_on, engagement_id, version)


def department_of(desk: str) -> str:
    """The department of a desk (`<department>:<district>`)."""
    return desk.partition(":")[0]


def district_of(desk: str) -> str:
    """The district of a desk (`<department>:<district>`)."""
    return desk.partition(":")[2]


def city_desk(desk: str) -> str:
    """The desk for the whole city of a desk's department."""
    return f"{department_of(desk)}:{CITY}"
