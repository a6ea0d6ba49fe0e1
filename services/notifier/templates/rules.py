"""A message that must go out, and the parameters that fill its template.

Parameters are dates, numbers of cases, amounts and a platform's own reference of its worker; never personal data.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from shared.policy.calendar import SHANGHAI

RecipientKind = Literal["worker", "platform"]

LONGEST_PARAMETER = 35
"""Characters that the gateway allows in one place of a template."""
ONE_PART, EACH_PART = 70, 67
"""Characters of an SMS that is charged as one, and of each part of a longer one, the signature counted."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message that must go out.

    Exactly one of `recipient` (a worker's id or a platform's credit code) and `reference` (platform and its worker's
    reference) is set. `platform` and `engagement` name what `${platform}` (its name) and `${worker_ref}` are filled
    from. `district` is that of the case or the engagement, where the event has one.
    """

    template: str
    kind: RecipientKind
    recipient: str | None
    reference: str | None = None
    platform: str | None = None
    engagement: str | None = None
    district: str | None = None
    params: dict[str, str] = field(default_factory=dict)


Maker = Callable[[Any], list[Message]]
"""Makes the messages of one type of event."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a fact stands after an event. A later event of the same `fact` may say otherwise and take the message back.

    `untold` is what holds as long as no message about it was sent.
    """

    fact: str
    says: str
    untold: str = ""


Reader = Callable[[Any], Standing | None]
"""Says how the fact of an event stands; None where the event says nothing of it."""


def to_worker(template: str, worker: str, platform: str | None = None, **params: str) -> Message:
    """A message to a worker; `platform` is named in it."""
    return Message(template, "worker", worker, platform=platform, params=params)


def to_enterprise(template: str, uscc: str, engagement: str | None = None, **params: str) -> Message:
    """A message to an enterprise; `engagement` is the one whose worker reference stands in it."""
    return Message(template, "platform", uscc, engagement=engagement, params=params)


def reference_of(platform: str, worker_ref: str) -> str:
    """A platform's worker as it is named before anyone knows who that is."""
    return f"{platform}|{worker_ref}"


def day(when: date | datetime | None) -> str:
    """A legal day as citizens read it; of an instant, its day in Asia/Shanghai."""
    if when is None:
        return "法定期限"
    local = when.astimezone(SHANGHAI) if isinstance(when, datetime) else when
    return f"{local.year}年{local.month}月{local.day}日"


def short(text: str) -> str:
    """A parameter cut to what the gateway allows."""
    return text if len(text) <= LONGEST_PARAMETER else text[: LONGEST_PARAMETER - 1] + "…"


def parts(text: str) -> int:
    """How many SMS a text is charged as at home, by its UTF-16 units with the signature."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= ONE_PART else math.ceil(units / EACH_PART)
