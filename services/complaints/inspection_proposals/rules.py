"""When the leads of an enterprise call for an inspection, and what becomes of the proposal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.identity.regions import CITY
from shared.policy.calendar import months_after
from shared.policy.parameters import Law
from shared.states import Machine

State = Literal["proposed", "taken_up", "dismissed", "withdrawn"]
Move = Literal["take_up", "dismiss", "withdraw"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("proposed", "take_up"): "taken_up",
    ("proposed", "dismiss"): "dismissed",
    ("proposed", "withdraw"): "withdrawn",
}

PROPOSAL: Machine[State, Move, State] = Machine(
    "inspection proposal", MOVES, kind="proposal-state", zh="该检查建议的当前状态不允许此操作"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A lead that counts: neither dismissed nor withdrawn. `person`: whom it is about, None where it is of nobody alone."""

    lead_id: str
    person: str | None
    district: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """How many leads there are, and about how many persons; `reached`: that is enough."""

    leads: int
    persons: int
    reached: bool


def since(law: Law) -> dt.date:
    """From which day on leads count."""
    return months_after(law.day, -law.number("inspection.leads_months"))


def weigh(signs: Sequence[Sign], law: Law) -> Weight:
    """Whether there are many leads, or leads about many persons."""
    leads = len({sign.lead_id for sign in signs})
    persons = len({sign.person for sign in signs if sign.person is not None})
    least = law.table("inspection.leads_least")
    return Weight(
        leads=leads, persons=persons, reached=leads >= int(least["leads"]) or persons >= int(least["persons"])
    )


def district_of(signs: Sequence[Sign]) -> str:
    """Whose matter it is: the one district of all leads, or the city's."""
    districts = {sign.district for sign in signs}
    return districts.pop() if len(districts) == 1 else CITY
