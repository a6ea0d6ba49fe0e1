"""The gate before work: who has a safety training that is valid today (德人社发〔2022〕95 号 art. 7).

How a person stands for one engagement follows from what is on file and from the day; nothing of it is stored:

    state    | event                                    | next state
    ---------|------------------------------------------|-----------
    none     | a valid training comes on file           | valid
    none     | one comes that has lapsed already        | expired
    none     | a reminder's day, a last day, withdrawal | none
    valid    | a later training                         | valid
    valid    | the reminder's day                       | expiring
    valid    | the training's last day is over          | expired
    valid    | the declaration of it is taken back      | none
    expiring | a later training                         | valid
    expiring | the reminder's day                       | expiring
    expiring | the training's last day is over          | expired
    expiring | the declaration of it is taken back      | none
    expired  | a valid training comes on file           | valid
    expired  | one comes that has lapsed already        | expired
    expired  | a reminder's day, a last day             | expired
    expired  | the declaration of it is taken back      | none

Only `valid` and `expiring` open the gate. A training of a trade in which nobody has published how long one holds does not
lapse, and stays `valid`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from shared.policy.calendar import months_after
from shared.policy.parameters import Law, MissingParameter, Parameters, Used

State = Literal["none", "valid", "expiring", "expired"]


@dataclass(frozen=True, slots=True)
class Training:
    """A completed course. `declared`: the engagement itself names it, so that it counts whatever its code."""

    course: str
    completed_on: dt.date
    declared: bool = False


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
    """Whether a person may work, on which training that rests, if on any, and the parameters used."""

    open: bool
    state: State
    required: bool
    held: Validity | None
    used: tuple[Used, ...]


def gate(law: Law, trainings: Iterable[Training], day: dt.date, on: Parameters) -> Gate:
    """Whether a person may work on a day, by the law of the day on which the engagement began.

    `trainings`: what the engagement declares and what the person has completed, on any platform. Where the law of that
    day is not known, only a declared training opens the gate. How long a training holds is a matter of the day on which
    it was completed.
    """
    required = _required(law)
    held = _longest([validity(one, law, on) for one in trainings if one.declared or (required and counts(law, one))])
    state = "none" if held is None else held.state_on(day)
    used = law.used + (held.used if held else ())
    return Gate(not required or state in ("valid", "expiring"), state, required, held, used)


def validity(training: Training, law: Law, on: Parameters) -> Validity:
    """How long a training holds in an engagement's place and trade (parameter `safety.validity_months`)."""
    scope = law.scope
    then = on.on(training.completed_on, place=scope.place, industry=scope.industry, platform=scope.platform)
    try:
        months = then.number("safety.validity_months")
    except MissingParameter:
        return Validity(training, None, None)
    last = months_after(training.completed_on, months)
    try:
        remind_on = last - dt.timedelta(days=then.days("safety.reminder_days"))
    except MissingParameter:
        remind_on = last
    return Validity(training, last, remind_on, then.used)


def counts(law: Law, training: Training) -> bool:
    """Whether a course is one of those that count as safety training (parameter `safety.courses`)."""
    try:
        return any(fnmatchcase(training.course, pattern) for pattern in law.texts("safety.courses"))
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
