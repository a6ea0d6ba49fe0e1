"""What a person may be helped for in hardship, and what must have been looked at (德人社发〔2022〕95 号 art. 15), in the first version
of the rule: decisions by it are taken again by it.

Its circumstances are those of 社会救助暂行办法 art. 47 and what unions visit for. No document that was read says sums or a line of
income: the machine says what is known, and the union decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from services.subsidies.decisions.rules import Facts, Ground, Outcome, Rule
from shared.policy.parameters import Law

KIND: Final = "hardship"
SOURCE: Final = "德人社发〔2022〕95号"
ARTICLE: Final = "（十五）"

Circumstance = Literal["illness", "accident", "disaster", "bereavement", "income_loss", "schooling", "other"]
"""本人或者家庭成员重大疾病、意外伤害、灾害、亲属去世、收入骤减、子女就学、其他。"""

GROUNDS: Final[Mapping[str, str]] = {
    "worker": "属于新就业形态劳动者",
    "visited": "工会已入户走访或者以其他方式核实情况",
    "illness": "本人或者家庭成员患重大疾病的情况属实",
    "accident": "本人或者家庭成员遭受意外伤害的情况属实",
    "disaster": "家庭遭受火灾、自然灾害等的情况属实",
    "bereavement": "家庭成员去世的情况属实",
    "income_loss": "收入骤减、基本生活暂时困难的情况属实",
    "schooling": "子女就学负担重、生活困难的情况属实",
    "other": "其他特殊困难的情况属实",
    "not_helped_before": "同一困难事由未获得过帮扶",
}
"""Each condition as an applicant reads it."""


class Hardship(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, since when, whether the union found it so (null: not looked at yet), and whether it was helped before."""

    circumstance: Circumstance
    since: dt.date
    found: bool | None = None
    helped: bool = False


class HardshipFacts(Facts, frozen=True, kw_only=True):
    """`persons`: every worker id of the person; `works`: they are or were engaged through a platform."""

    persons: tuple[str, ...]
    works: bool
    visited: bool
    hardships: tuple[Hardship, ...]


def decide(facts: HardshipFacts, law: Law) -> Outcome:
    """Each circumstance as the union found it; the amount is people's to set, within the union's own means."""
    met: dict[str, bool | None] = {"worker": True if facts.works else None, "visited": facts.visited}
    new = [one for one in facts.hardships if not one.helped]
    met["not_helped_before"] = bool(new)
    for one in new:
        met[one.circumstance] = _both(met.get(one.circumstance, one.found), one.found)
    grounds = tuple(Ground(code=code, met=holds, document=SOURCE, article=ARTICLE) for code, holds in met.items())
    if False in met.values():
        return Outcome(grounds=grounds, amount=None, once=(), used=law.used)
    once = tuple(key(person, one) for one in new for person in facts.persons)
    return Outcome(grounds=grounds, amount=None, once=once, used=law.used)


def key(person: str, hardship: Hardship) -> str:
    """The paid fact that a person was helped for what happened on a day."""
    return f"{prefix(person, hardship.circumstance)}{hardship.since}"


def prefix(person: str, circumstance: Circumstance) -> str:
    """With what the keys of a person's help for a circumstance begin; its day follows."""
    return f"hardship:{person}:{circumstance}:"


def _both(one: bool | None, other: bool | None) -> bool | None:
    """One that is not so stands against it, and one that nobody has looked at is a person's to judge."""
    return False if False in (one, other) else None if None in (one, other) else True


RULE: Final[Rule[HardshipFacts]] = Rule(kind=KIND, version=1, facts=HardshipFacts, decide=decide)
