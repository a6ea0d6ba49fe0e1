"""What is known of a person, as values that decisions rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec

from shared.contracts.insurance import Insurance
from shared.contracts.registry import EmploymentForm

Sex = Literal["female", "male"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person. `ids`: every worker id that the person has, or had before records were merged, the present one first.
    `event_id`: the event that told of birth and sex."""

    ids: tuple[str, ...]
    born_on: dt.date | None
    sex: Sex | None
    event_id: str | None


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """A contribution to a scheme for a month (YYYY-MM) that was really paid and stands; amounts in yuan.

    `payer`: the employer's credit code, null where the person paid in flexible employment (灵活就业); `amount` is the person's share.
    """

    contribution_id: str
    insurance: Insurance
    month: str
    base: str
    amount: str
    payer: str | None
    paid_on: dt.date


class Spell(msgspec.Struct, frozen=True, kw_only=True):
    """Days of registered employment in one form, both included; `last` is null while it goes on."""

    first: dt.date
    last: dt.date | None
    form: EmploymentForm

    def holds_on(self, day: dt.date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """Days of work through a platform or a partner firm, both included; `last` is null while it goes on."""

    engagement_id: str
    platform: str
    partner: str | None
    first: dt.date
    last: dt.date | None


def form_on(day: dt.date, spells: Iterable[Spell]) -> EmploymentForm | None:
    """How a person is registered on a day, `employed` before `flexible`; None where no registration holds."""
    forms = {spell.form for spell in spells if spell.holds_on(day)}
    return "employed" if "employed" in forms else "flexible" if forms else None


def spells(forms: Iterable[tuple[dt.date, EmploymentForm]], ends_on: dt.date | None) -> list[Spell]:
    """The spells of one registration: its forms by the day from which each holds, the earliest first."""
    dated = list(forms)
    until = [since - dt.timedelta(days=1) for since, _ in dated[1:]] + [ends_on]
    return [
        Spell(first=since, last=last, form=form)
        for (since, form), last in zip(dated, until, strict=True)
        if last is None or since <= last
    ]
