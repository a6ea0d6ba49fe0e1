"""The gate before work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from shared.policy.parameters import Law, MissingParameter, Used


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a person may work, and the parameters that this rests on."""

    open: bool
    used: tuple[Used, ...]


def gate(law: Law, declared: bool, courses: Iterable[str]) -> Gate:
    """Whether safety training is on file (德人社发〔2022〕95 号 art. 7).

    `declared`: the engagement itself names a training. `courses`: what the person has completed, on any platform. Where
    the law of the day is not known, only a declared training opens the gate.
    """
    may = declared or not _required(law) or any(_counts(law, course) for course in courses)
    return Gate(may, law.used)


def _required(law: Law) -> bool:
    try:
        return law.flag("safety.training_required")
    except MissingParameter:
        return True


def _counts(law: Law, course: str) -> bool:
    try:
        return any(fnmatchcase(course, pattern) for pattern in law.texts("safety.courses"))
    except MissingParameter:
        return False
