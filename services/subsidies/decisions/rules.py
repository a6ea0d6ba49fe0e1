"""Facts, grounds and outcomes of applications.

Each kind of application has a pure function from its facts and the law to an outcome. A later fact, or a parameter published
later, is decided again by the same function, and the difference goes to an officer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, Literal, TypeVar

import msgspec

from shared.policy.parameters import Law, Used

ApplicantKind = Literal["person", "platform", "provider", "union", "community"]
"""个人、平台企业、培训或者评价机构、工会、社区（基层组织）。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who applies, as a kind's facts are gathered for them.

    `id`: a worker's id, a credit code, or the subject that acts for a union. `application_id`: the application in question, whose
    own paid facts do not stand against it. `filed_on`: the legal day on which it was filed. `place`: the district.
    """

    kind: ApplicantKind
    id: str
    application_id: str
    filed_on: dt.date
    place: str


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a kind of application rests on; each kind adds its fields.

    `day`: the legal day by whose parameters is decided. `place`: where. `events`: for a field the events that told of it; a field
    that stands in none was stated by the applicant or by an officer.
    """

    day: dt.date
    place: str
    events: dict[str, tuple[str, ...]]


F = TypeVar("F", bound=Facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A condition: its code, whether it is met, and its source. `met` is None where a person must judge it."""

    code: str
    met: bool | None
    document: str
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """What is asked for, and what was paid for before, as an officer reads them: the machine cannot tell whether they are one."""

    asked: str
    paid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What follows. `amount`: yuan to the fen; None where it is refused, or where no parameter says it and a person must set it.

    `once`: the facts that this pays for, as keys; each is paid for once, whoever applies, under whatever kind. `alike`: what a person
    must tell apart first; it is shown, and no part of the record.
    """

    grounds: tuple[Ground, ...]
    amount: Decimal | None
    once: tuple[str, ...]
    used: tuple[Used, ...]
    alike: tuple[Alike, ...] = ()

    @property
    def met(self) -> bool | None:
        """Whether every ground is met; None where none fails and one is for a person to judge."""
        values = {ground.met for ground in self.grounds}
        return False if False in values else None if None in values else True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[F]):
    """How a kind of application is decided. `version` rises with every change of what `decide` makes of the same facts."""

    kind: str
    version: int
    facts: type[F]
    decide: Callable[[F, Law], Outcome]
