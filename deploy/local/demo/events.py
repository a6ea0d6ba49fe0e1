"""The demo's input: read from a file, by platform, in batches."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from stdnum.cn import uscc

Event = dict[str, Any]

BATCH_EVENTS = 1_000
BATCH_BYTES = 7_000_000
SHANGHAI = ZoneInfo("Asia/Shanghai")
PLATFORM = re.compile(r"/platforms/([0-9A-Z]{18})")
STRANGER = "915106000000000008"
"""A well-formed credit code that nobody bears."""
ORDER, STARTED, TRAINED = "order.finished.", "engagement.started.", "training.completed."
LONGEST_REFERENCE = 128
RECENT = timedelta(days=360)
PREFIX = "cn.deyang.platform."


class BadInput(ValueError):
    """The input is not newline-delimited JSON objects; the text names the line."""


def read_events(file: Path) -> list[Event]:
    """The events of a file, one JSON object a line; empty lines are passed over.

    Raises:
        BadInput: a line that is no JSON object.
    """
    events = []
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                event = json.loads(line)
            except ValueError:
                event = None
            if not isinstance(event, dict):
                raise BadInput(f"line {number} of {file} is no JSON object")
            events.append(event)
    return events


def by_platform(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Events by the platform (credit code) that pushes them, in their order.

    A platform pushes the events whose `source` names it. Those whose source names none, or has a wrong check digit, are
    pushed by `STRANGER` and must be rejected, since their source is not the caller's.
    """
    found: dict[str, list[Event]] = {}
    for event in events:
        match = PLATFORM.fullmatch(str(event.get("source")))
        known = match is not None and uscc.is_valid(match[1])
        found.setdefault(match[1] if match and known else STRANGER, []).append(event)
    return found


def listener(events: Iterable[Event]) -> str | None:
    """The platform whose own server is to hear of events: the one that pushes most of them, if there is any."""
    pushed = {platform: len(own) for platform, own in by_platform(events).items() if platform != STRANGER}
    return max(pushed, key=lambda platform: (pushed[platform], platform), default=None)


def people(events: Iterable[Event]) -> list[tuple[str, str]]:
    """Who is said to work for which platform, by its credit code and its own name for the person, in the order of the input;
    whether it is so says the registry."""
    found: dict[tuple[str, str], None] = {}
    pushed = by_platform(events)
    pushed.pop(STRANGER, None)
    for platform, own in pushed.items():
        for reference in (_data(event).get("worker_ref") for event in own if _type(event).startswith(STARTED)):
            if isinstance(reference, str) and reference.isprintable() and 0 < len(reference) <= LONGEST_REFERENCE:
                found[platform, reference] = None
    return list(found)


def identities(events: Iterable[Event]) -> dict[tuple[str, str], str]:
    """The resident id number of each of `people`, as the platform says it last."""
    found: dict[tuple[str, str], str] = {}
    for worker, data in _of_workers(events, STARTED):
        found[worker] = str(data.get("id_number")).upper()
    return found


def trained(events: Sequence[Event]) -> list[tuple[str, str]]:
    """Who is said to have completed a training, in the order of the input; none of whose is old, or yet to come: a subsidy for it
    might not be in force, or over."""
    known, today = identities(events), datetime.now(SHANGHAI).date()
    recent, old = dict[tuple[str, str], None](), set[str | None]()
    for worker, data in _of_workers(events, TRAINED):
        try:
            completed_on = date.fromisoformat(str(data.get("completed_on")))
        except ValueError:
            continue
        if today - RECENT <= completed_on <= today:
            recent[worker] = None
        else:
            old.add(known.get(worker))
    return [worker for worker in recent if known.get(worker) not in old]


def _of_workers(events: Iterable[Event], kind: str) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    pushed = by_platform(events)
    pushed.pop(STRANGER, None)
    for platform, own in pushed.items():
        for event in own:
            if _type(event).startswith(kind):
                yield (platform, str(_data(event).get("worker_ref"))), _data(event)


def batches(events: Sequence[Event]) -> Iterator[list[bytes]]:
    """Lines of at most 1,000 events and 7 MB at a time."""
    batch: list[bytes] = []
    size = 0
    for event in events:
        line = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        if batch and (len(batch) == BATCH_EVENTS or size + len(line) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line) + 1
    if batch:
        yield batch


def months(events: Iterable[Event], now: datetime) -> list[str]:
    """The months (`YYYY-MM`, Asia/Shanghai) of `finished_at` in the orders that are not after `now` (aware)."""
    found = set()
    for event in events:
        if not _type(event).startswith(ORDER):
            continue
        try:
            at = datetime.fromisoformat(str(_data(event).get("finished_at")))
        except ValueError:
            continue
        if at.tzinfo is not None and at.astimezone(UTC) <= now + timedelta(minutes=5):
            found.add(at.astimezone(SHANGHAI).strftime("%Y-%m"))
    return sorted(found)


def names(events: Iterable[Event]) -> dict[str, str]:
    """What each platform calls itself in its last profile, by credit code."""
    found = {}
    for event in events:
        match = PLATFORM.fullmatch(str(event.get("source")))
        if match and _type(event).startswith("profile.declared."):
            found[match[1]] = str(_data(event).get("name"))
    return found


def _type(event: Event) -> str:
    return str(event.get("type")).removeprefix(PREFIX)


def _data(event: Event) -> dict[str, Any]:
    data = event.get("data")
    return data if isinstance(data, dict) else {}
