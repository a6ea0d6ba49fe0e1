"""What a cooperation demands of a partner, and how it stands.

`lose` comes again where something else is missing than before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from services.registry.licences.rules import Held, missing, missing_since
from shared.contracts.platform import Industry
from shared.contracts.registry import EnterpriseKind, LicenceKind
from shared.policy.parameters import Law
from shared.states import Machine

State = Literal["licensed", "unlicensed", "ended"]
Move = Literal["lose", "regain", "end"]
Form = Literal["outsourcing", "dispatch"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("licensed", "lose"): "unlicensed",
    ("licensed", "end"): "ended",
    ("unlicensed", "lose"): "unlicensed",
    ("unlicensed", "regain"): "licensed",
    ("unlicensed", "end"): "ended",
}

STATES: Machine[State, Move, State] = Machine("cooperation", MOVES, kind="cooperation-state", zh="该合作已终止")

PARTNER_KIND: Final[Mapping[Form, EnterpriseKind]] = {"outsourcing": "partner", "dispatch": "dispatch_agency"}
"""What a partner must be on file as."""

DEMANDABLE: Final[tuple[LicenceKind, ...]] = (
    "business",
    "courier",
    "road_transport",
    "ride_hailing",
    "labour_dispatch",
)
"""The kinds of licence that some cooperation demands, each by a dated parameter `licence.<kind>`."""


class Lack(NamedTuple):
    """What a partner lacks, and the first legal day without it."""

    kinds: tuple[LicenceKind, ...]
    since: dt.date


def demanded(form: Form, law: Law) -> tuple[LicenceKind, ...]:
    """The licences that a partner needs for a form of cooperation, in the industry of the law's scope.

    Raises MissingParameter on a day of which the law is not known.
    """
    return tuple(kind for kind in DEMANDABLE if form in law.texts(f"licence.{kind}"))


def lack(form: Form, industry: Industry, held: Sequence[Held], day: dt.date, begin: dt.date, law: Law) -> Lack | None:
    """What a partner lacks on a legal day for a cooperation that began on `begin`; None where it lacks nothing."""
    kinds = demanded(form, law)
    since = missing_since(kinds, held, industry, day, begin)
    return None if since is None else Lack(missing(kinds, held, industry, day), since)


def overlap(begin: dt.date, end: dt.date | None, other_begin: dt.date, other_end: dt.date | None) -> bool:
    """Whether two stretches of legal days, both ends included, have a day in common; no end: for good."""
    return max(begin, other_begin) <= min(end or dt.date.max, other_end or dt.date.max)
