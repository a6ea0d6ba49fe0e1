"""What one certificate is, and how it moves."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final, Literal

from services.subsidies.providers.rules import LEVELS
from shared.contracts.subsidies import SkillLevel
from shared.states import Machine

State = Literal["none", "issued", "revoked", "joined"]
Move = Literal["issue", "revoke", "join"]

Verdict = Literal["valid", "revoked", "not_valid"]
"""What everybody learns who knows the number and the name."""

Grade = Literal["excellent", "good", "qualified"]
GRADES: Final[Mapping[Grade, str]] = {"excellent": "优秀", "good": "良好", "qualified": "合格"}

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("none", "issue"): "issued",
    ("issued", "revoke"): "revoked",
    ("issued", "join"): "joined",
}

STATES: Machine[State, Move, State] = Machine(
    "certificate", MOVES, kind="certificate-state", zh="该证书的当前状态不允许此操作"
)

_WORDS: Final[Mapping[str, SkillLevel]] = {
    **{name: level for level, name in LEVELS.items()},
    "专项": "special",
    "五级": "junior",
    "初级": "junior",
    "初级工": "junior",
    "四级": "intermediate",
    "中级": "intermediate",
    "中级工": "intermediate",
    "三级": "senior",
    "高级": "senior",
    "高级工": "senior",
    "二级": "technician",
    "技师": "technician",
    "一级": "senior_technician",
    "高级技师": "senior_technician",
}
_LEVEL_BY_WORD: Final = {unicodedata.normalize("NFKC", word): level for word, level in _WORDS.items()}
_WITH_LEVEL: Final = re.compile(r"^(?P<name>.+?)\((?P<level>.+)\)$")


def plain(course: str) -> str:
    """The name of a course as it is compared: `网约配送员（四级）` and `网约配送员(中级工)` are one."""
    text = "".join(unicodedata.normalize("NFKC", course).split())
    found = _WITH_LEVEL.match(text)
    level = _LEVEL_BY_WORD.get(found["level"]) if found else None
    return text if found is None or level is None else of_level(found["name"], level)


def level_of(word: str) -> SkillLevel | None:
    """The level that a word means, as `四级` or `中级工`."""
    return _LEVEL_BY_WORD.get(word)


def of_level(occupation: str, level: SkillLevel) -> str:
    """The same, from an occupation's name and a level."""
    return f"{''.join(unicodedata.normalize('NFKC', occupation).split())}|{level}"


def keys(person: str, courses: Collection[str], days: Collection[dt.date], number: str | None) -> tuple[str, ...]:
    """Under which keys a person's training is the same: each course, as `plain` has it, on each day; and the number."""
    named = [f"c|{person}|{day}|{course}" for day in sorted(set(days)) for course in sorted(set(courses))]
    return (*named, *([] if number is None else [f"n|{person}|{number}"]))


def verdict(state: State) -> Verdict:
    """What a certificate that was found under its number and name is worth."""
    return "valid" if state == "issued" else "revoked" if state == "revoked" else "not_valid"
