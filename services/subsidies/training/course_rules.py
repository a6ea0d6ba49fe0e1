"""An occupation and grade is paid for once, as a training or as a skill, and whether it is told of by its code or by its name
(川人社规〔2025〕11号; 人社部发〔2017〕40号)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from services.subsidies.certificates.rules import level_of, plain
from services.subsidies.decisions.rules import Alike
from services.subsidies.providers.rules import LEVELS
from shared.contracts.subsidies import SkillLevel
from shared.policy.parameters import Law, MissingParameter

TOLD_APART: Final = "与已享受过补贴的培训、证书不是同一职业（工种）同一等级（名称不能对应职业编码的，由经办人员核对）"
"""A condition of both, as an applicant reads it."""

_CODED: Final = re.compile(r"(\d(?:-\d{2}){3}):([a-z_]+)")
_NOISE: Final = re.compile(r"(?:职业技能)?(?:等级)?(?:培训)?(?:班|课程)?$")
_BY_LEVEL: Final[Mapping[str, SkillLevel]] = {level: level for level in LEVELS}


@dataclass(frozen=True, slots=True)
class Course:
    """An occupation and grade. `text`: as it was told, in its plain form; `code` (职业编码) and `level` null where it does not say."""

    text: str
    code: str | None
    level: SkillLevel | None

    @property
    def key(self) -> str:
        """By what it is paid for once: the code with the level, or else the text."""
        return self.text if self.code is None or self.level is None else f"{self.code}:{self.level}"


def course(told: str, names: Mapping[str, str]) -> Course:
    """What a course is, by what a body on file or a platform calls it; `names`: codes by name, as `codes` has them.

    `4-02-07-10:junior`, `网约配送员（五级）` and `网约配送员初级工培训班` are one.
    """
    coded = _CODED.fullmatch(told)
    if coded is not None:
        return Course(told, coded[1], _BY_LEVEL.get(coded[2]))
    text = plain(told)
    name, _, ending = text.rpartition("|")
    level = _BY_LEVEL.get(ending)
    if level is not None:
        return Course(text, names.get(name), level)
    bare = _NOISE.sub("", text)
    if bare in names:
        return Course(text, names[bare], None)
    for known in names:
        for word in (bare.removeprefix(known), bare.removesuffix(known)):
            if word != bare and (level := level_of(word)) is not None:
                return Course(text, names[known], level)
    return Course(text, None, None)


def codes(law: Law) -> dict[str, str]:
    """The codes of occupations by each of their names; none where no list is known."""
    return {plain(name): code for code, names in _listed(law).items() for name in names}


def alike(one: Course, others: Iterable[Course], law: Law) -> tuple[Alike, ...]:
    """Those of others of which nobody can tell by the list whether they are the same occupation and grade."""
    found = {other.key: other for other in others if not _same(one, other) and not _told_apart(one, other)}
    return tuple(Alike(asked=_shown(one, law), paid=_shown(found[key], law)) for key in sorted(found))


def either_key(worker_id: str, course: str) -> str:
    """The key that whichever of the two subsidies is approved first takes for an occupation and grade."""
    return f"course:{worker_id}:{course}"


def training_prefix(worker_id: str) -> str:
    """With what the keys of the courses begin that a person had the training subsidy for."""
    return f"training:{worker_id}:course:"


def skill_prefix(worker_id: str) -> str:
    """With what the keys of the courses begin that a person had the skill subsidy for."""
    return f"skill:{worker_id}:course:"


def both(law: Law) -> bool:
    """Whether a published rule lets both be had; where none does, the same occupation and grade is paid for once."""
    try:
        return law.flag("skill_subsidy.beside_training")
    except MissingParameter:
        return False


def _listed(law: Law) -> Mapping[str, tuple[str, ...]]:
    try:
        return law.lists("training_subsidy.occupations")
    except MissingParameter:
        return {}


def _same(one: Course, other: Course) -> bool:
    return one.key == other.key


def _told_apart(one: Course, other: Course) -> bool:
    """Two codes, or two levels, are two."""
    return (None not in (one.code, other.code) and one.code != other.code) or (
        None not in (one.level, other.level) and one.level != other.level
    )


def _shown(one: Course, law: Law) -> str:
    """As an officer reads it: with the usual name of its code, where that is known."""
    name = next(iter(_listed(law).get(one.code or "", ())), None)
    name_level = "" if one.level is None else LEVELS[one.level]
    if one.code is None:
        return one.text if one.level is None else f"{one.text.rpartition('|')[0]} {name_level}"
    return " ".join(part for part in (one.code, name, name_level) if part)
