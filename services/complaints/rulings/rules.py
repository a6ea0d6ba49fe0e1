"""What of a ruling is masked before it is kept, and which rulings are like a dispute and why."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.contracts.platform import Relation
from shared.states import Machine

Outcome = Literal["granted", "partly_granted", "dismissed", "settled"]
RulingForum = Literal["arbitration", "court"]
State = Literal["recorded", "confirmed", "rejected"]
Move = Literal["confirm", "reject"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("recorded", "confirm"): "confirmed",
    ("recorded", "reject"): "rejected",
}

STATES: Machine[State, Move, State] = Machine("ruling", MOVES, kind="ruling-state", zh="该裁判已经复核")

NEWEST: Final = 2_000
"""Rulings of a category among which is searched."""
WORDS_SHOWN: Final = 8
CLAIMS_WEIGH: Final = 0.25
"""By how much the score of words grows where all claims are the same."""
RELATION_WEIGHS: Final = 0.10
"""By how much it grows where the footing is."""

_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_NUMBERS: Final = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-Y]{2}[0-9]{6}[0-9A-Y]{10}(?![0-9A-Za-z])"
    r"|(?<![0-9])(?:[0-9]{17}[0-9Xx]"
    r"|(?:\+?86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}){2}|0[0-9]{2,3}-?[0-9]{7,8}"
    r"|[0-9]{13,19}|[0-9]{4}(?:[- ][0-9]{4}){2,3}(?:[- ][0-9]{1,4})?)(?![0-9])"
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·•. ]?[0-9A-Z]{5,6}(?![0-9A-Za-z])"
)
"""Id numbers, credit codes, phones, bank accounts, number plates and the like, also in groups."""
_WIDE: Final = {
    wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
"""Digits and letters as wide as a hanzi, and what they are."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a ruling is: its score, and the words that both have with what each adds to it."""

    place: int
    score: float
    words: Sequence[tuple[str, float]]


def masked(text: str, names: Collection[str]) -> str:
    """A text without the names given (each becomes 某甲, 某乙 …, the longest first) and without numbers that say who somebody is."""
    text = text.translate(_WIDE)
    order = {name: place for place, name in enumerate(dict.fromkeys(one.translate(_WIDE) for one in names))}
    for name in sorted(order, key=len, reverse=True):
        text = text.replace(name, pseudonym(order[name]))
    return _NUMBERS.sub("＊＊＊", text)


def pseudonym(place: int) -> str:
    """某甲, 某乙 … 某癸, 某甲1 …"""
    again, stem = divmod(place, len(_STEMS))
    return f"某{_STEMS[stem]}{again or ''}"


def weight(
    claims: Collection[str], relation: Relation, of_claims: Collection[str], of_relation: Relation
) -> tuple[list[str], bool, float]:
    """The claims that both have, whether the footing is the same, and by what the score of words is multiplied."""
    shared, every = set(claims) & set(of_claims), set(claims) | set(of_claims)
    same = relation == of_relation
    factor = 1 + CLAIMS_WEIGH * len(shared) / max(1, len(every)) + (RELATION_WEIGHS if same else 0)
    return sorted(shared), same, factor


def shown(words: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """The words that weigh most."""
    return sorted(words, key=lambda one: (-one[1], one[0]))[:WORDS_SHOWN]
