"""The table of all rows, read from this folder when the service starts; a row that cannot work stops it at once."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from string import Template

import msgspec

from services.notifier.notices.rows import Row, faults_of
from services.notifier.notices.rules import Message, messages
from shared.contracts import catalogue
from shared.contracts.base import Fact
from shared.policy.calendar import shanghai_date

FOLDER = Path(__file__).parent
SILENT = "silent.yaml"
"""The file of the events that nobody is told of."""
CODE = re.compile(r"^(\w+):", re.MULTILINE)
"""The code of a row, at the beginning of its line."""


def read(folder: Path) -> dict[str, Row]:
    """The rows by the code of their template. Raises ValueError, with every reason, where a row cannot work."""
    rows: dict[str, Row] = {}
    for file in sorted(set(folder.glob("*.yaml")) - {folder / SILENT}):
        found = msgspec.yaml.decode(file.read_bytes(), type=dict[str, Row])
        if twice := sorted(rows.keys() & found.keys()):
            raise ValueError(f"{file.name} has rows that another file has: {twice}")
        codes = Counter(CODE.findall(file.read_text()))
        if twice := sorted(code for code, times in codes.items() if times > 1):
            raise ValueError(f"{file.name} has rows twice, of which YAML keeps the last alone: {twice}")
        rows |= found
    wrong = [f"{code}: {reason}" for code, row in rows.items() for reason in faults_of(row)]
    if wrong:
        raise ValueError("; ".join(wrong))
    return rows


def silent(folder: Path, rows: Mapping[str, Row]) -> dict[str, str]:
    """The event types that nobody is told of, each with its reason. Raises ValueError where an event has neither row nor reason."""
    groups = msgspec.yaml.decode((folder / SILENT).read_bytes(), type=dict[str, list[str]])
    reasons = {f"cn.deyang.{event}": reason for reason, events in groups.items() for event in events}
    told = {row.fact.TYPE for row in rows.values()}
    wrong = [
        f"nobody hears of {one}, and no reason is given" for one in sorted(catalogue.keys() - told - reasons.keys())
    ]
    wrong += [f"somebody hears of {one}, so it is not silent" for one in sorted(told & reasons.keys())]
    wrong += [f"there is no event {one}" for one in sorted(reasons.keys() - catalogue.keys())]
    if wrong:
        raise ValueError("; ".join(wrong))
    return reasons


def of_several(rows: Mapping[str, Row]) -> dict[str, Row]:
    """What messages that became one are sent by: templates of their own, `<code>_several`."""
    return {
        f"{code}_several": msgspec.structs.replace(row, text=row.several, several=None, values={})
        for code, row in rows.items()
        if row.several is not None
    }


ROWS = read(FOLDER)
SILENCE = silent(FOLDER, ROWS)
TEMPLATES = ROWS | of_several(ROWS)
"""Every row by the code that its text is filed under with the SMS provider."""

PLACES = {code: tuple(Template(row.text).get_identifiers()) for code, row in TEMPLATES.items()}
"""The names of the places of each text, in its order: what a provider has that knows places by their number."""

ORDINARY = sorted(code for code, row in TEMPLATES.items() if not row.legal and not row.urgent)
"""The codes of what no law demands and nobody waits for."""

PRIVATE = sorted(code for code, row in TEMPLATES.items() if row.private)
"""The codes of what nobody but its recipient reads."""

_by_fact: dict[type[Fact], list[tuple[str, Row]]] = {}
for _code, _row in ROWS.items():
    _by_fact.setdefault(_row.fact, []).append((_code, _row))

TOLD = frozenset(_by_fact)
"""The events of which somebody hears."""


def messages_of(fact: Fact, at: dt.datetime) -> list[Message]:
    """The messages that an event of that instant makes, with the terms of its day; none for an event that nobody need hear of."""
    on = shanghai_date(at)
    return [message for code, row in _by_fact.get(type(fact), ()) for message in messages(code, row, fact, on)]


def text_of(row: Row, params: Mapping[str, str]) -> str:
    """The text without the signature. A place that is not known yet stays as it is."""
    return Template(row.text).safe_substitute(params)
