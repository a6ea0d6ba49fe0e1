"""The gate before work: who has a safety training that is valid today (德人社发〔2022〕95 号 art. 7).

How a person stands for one engagement follows from what is on file and from the day; nothing of it is stored. Only `valid`
and `expiring` open the gate. Which course opens it is published for each trade (`safety.courses`); what is left open there, and
how long a training holds where nobody has published that, an officer decides (`courses`). Until then a training does not lapse.
One that is dated ahead counts from its day on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal, get_args

from services.registry.courses.rules import Word
from shared.contracts.platform import Industry
from shared.policy.calendar import months_after
from shared.policy.parameters import Law, MissingParameter, Parameters, Used

State = Literal["none", "valid", "expiring", "expired"]
Question = Literal["counts", "validity"]
"""What an officer must say of a course: whether it is the training before work of a trade, and how long it holds."""


@dataclass(frozen=True, slots=True)
class Training:
    """A completed course. `declared`: the engagement itself names it as its safety training. `word`: what an officer has
    decided of the course, if anything."""

    course: str
    completed_on: dt.date
    declared: bool = False
    word: Word | None = None


@dataclass(frozen=True, slots=True)
class Validity:
    """The training that holds longest. `valid_to` is its last day, None where it does not lapse.

    `remind_on` is the first day on which it is to be renewed, None where it does not lapse; `used` what that rests on.
    """

    training: Training
    valid_to: dt.date | None
    remind_on: dt.date | None
    used: tuple[Used, ...] = ()

    def state_on(self, day: dt.date) -> State:
        if self.valid_to is not None and day > self.valid_to:
            return "expired"
        return "expiring" if self.remind_on is not None and day >= self.remind_on else "valid"


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a person may work, on which training that rests, if on any, and the parameters used. `trained_on`: when the
    earliest of the trainings that hold was completed. `counts_from`: the first day on which one that is dated ahead counts."""

    open: bool
    state: State
    required: bool
    held: Validity | None
    used: tuple[Used, ...]
    trained_on: dt.date | None = None
    counts_from: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where, in which trade and since when somebody works, and what their engagement names of safety training.

    `declared_on`: the day on which the platform said so. `declared` is the training that the engagement names now,
    `once_declared` those that any declaration of it named, be they taken back since.
    """

    platform: str
    industry: Industry
    district: str
    started_on: dt.date
    declared_on: dt.date
    declared: Training | None = None
    once_declared: tuple[Training, ...] = ()

    def law(self, on: Parameters) -> Law:
        """The law of the day on which work begins, and not of one before the platform said so."""
        began = max(self.started_on, self.declared_on)
        return on.on(began, place=self.district, industry=self.industry, platform=self.platform)

    def on_file(self, completed: Iterable[Training]) -> set[Training]:
        """What the engagement itself declares, and what the person has completed."""
        return {*completed, *([self.declared] if self.declared else [])}


def gate_at(
    workplace: Workplace, completed: Iterable[Training], ended_on: dt.date | None, today: dt.date, on: Parameters
) -> Gate:
    """Whether the person may work today, or might on the last day, where work has ended: it may become known long after."""
    law, known = workplace.law(on), workplace.on_file(completed)
    found = gate(law, [one for one in known if one.completed_on <= today], min(today, ended_on or dt.date.max), on)
    ahead = [one.completed_on for one in known if one.completed_on > today and counts(law, one, on)]
    return replace(found, counts_from=min(ahead, default=None))


def was_open(
    workplace: Workplace, completed: Iterable[Training], ended_on: dt.date | None, today: dt.date, on: Parameters
) -> bool:
    """Whether the gate was open on a day up to the last one, be it on a training that was taken back since.

    It is worked out of the facts and not of the present state, so that the order in which they came is no matter.
    """
    law, last = workplace.law(on), ended_on or dt.date.max
    known = workplace.on_file(completed) | {*workplace.once_declared}
    trainings = [one for one in known if one.completed_on <= today and (one.declared or one.completed_on <= last)]
    first = workplace.started_on
    for day in sorted({first, *(max(one.completed_on, first) for one in trainings)}):
        by_then = [one for one in trainings if one.declared or one.completed_on <= day]
        if gate(law, by_then, day, on).open:
            return True
    return False


def gate(law: Law, trainings: Iterable[Training], day: dt.date, on: Parameters) -> Gate:
    """Whether a person may work on a day, by the law of the day on which the engagement began.

    `trainings`: what the engagement declares and what the person has completed, on any platform. Where the law of that
    day is not known, only a declared training opens the gate. How long a training holds is a matter of the day on which
    it was completed.
    """
    required = _required(law)
    known = [validity(one, law, on) for one in trainings if (one.declared or required) and counts(law, one, on)]
    held = _longest(known)
    state = "none" if held is None else held.state_on(day)
    used = law.used + (held.used if held else ())
    trained_on = min((one.training.completed_on for one in known if one.state_on(day) != "expired"), default=None)
    return Gate(not required or state in ("valid", "expiring"), state, required, held, used, trained_on)


def validity(training: Training, law: Law, on: Parameters) -> Validity:
    """How long a training holds in an engagement's place and trade (parameter `safety.validity_months`), or as an officer
    has decided where that is not published."""
    then = _law_then(training, law, on)
    months = _months(then)
    if months is None and training.word is not None:
        months = training.word.months
    if months is None:
        return Validity(training, None, None)
    last = months_after(training.completed_on, months)
    try:
        remind_on = last - dt.timedelta(days=then.days("safety.reminder_days"))
    except MissingParameter:
        remind_on = last
    return Validity(training, last, remind_on, then.used)


def counts(law: Law, training: Training, on: Parameters) -> bool:
    """Whether a course is the training before work of a trade: an officer's word, or else the catalogue (`safety.courses`).

    What the catalogue has under another trade alone does not count. A course that it does not have at all is one that the
    enterprise answers for where an engagement names it as its safety training (安全生产法 art. 28), and none otherwise.
    """
    word, industry = training.word, law.scope.industry
    if word is not None and word.covers(industry):
        return industry in word.opens
    listed = _listed(law, training.course, on)
    return listed is not False if training.declared else listed is True


def questions(training: Training, law: Law, on: Parameters) -> tuple[Question, ...]:
    """What an officer is to decide of a training in a trade; none where the law of the day does not demand any."""
    if (training.word is not None and training.word.covers(law.scope.industry)) or not _published(law):
        return ()
    listed = _listed(law, training.course, on)
    if listed is False:
        return ()
    found: tuple[Question, ...] = () if listed else ("counts",)
    return (*found, "validity") if _months(_law_then(training, law, on)) is None else found


def _listed(law: Law, course: str, on: Parameters) -> bool | None:
    """Whether the catalogue has a course under the trade (True), under another one alone (False), or not at all (None)."""
    here, scope = _matches(law, course), law.scope
    if here is not False:
        return here
    others = (
        on.on(law.day, place=scope.place, industry=one, platform=scope.platform)
        for one in get_args(Industry)
        if one != scope.industry
    )
    return False if any(_matches(other, course) for other in others) else None


def _matches(law: Law, course: str) -> bool | None:
    """Whether a trade's catalogue has a course; None where there is no catalogue."""
    try:
        return any(fnmatchcase(course, pattern) for pattern in law.texts("safety.courses"))
    except MissingParameter:
        return None


def _months(then: Law) -> int | None:
    try:
        return then.number("safety.validity_months")
    except MissingParameter:
        return None


def _law_then(training: Training, law: Law, on: Parameters) -> Law:
    scope = law.scope
    return on.on(training.completed_on, place=scope.place, industry=scope.industry, platform=scope.platform)


def _published(law: Law) -> bool:
    try:
        return law.flag("safety.training_required")
    except MissingParameter:
        return False


def _required(law: Law) -> bool:
    try:
        return law.flag("safety.training_required")
    except MissingParameter:
        return True


def _longest(held: Iterable[Validity]) -> Validity | None:
    # of two that hold equally long the one by which the order of arrival does not matter
    def rank(one: Validity) -> tuple[dt.date, dt.date, str, bool]:
        return one.valid_to or dt.date.max, one.training.completed_on, one.training.course, one.training.declared

    return max(held, key=rank, default=None)
