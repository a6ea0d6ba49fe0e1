"""Who calls, as a token names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.identity.regions import CITY

Role = Literal["worker", "platform", "provider", "officer", "union", "provincial", "operator"]
"""`provider`: a body that trains or evaluates, by its credit code; it has no part in what platforms push and read."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever a token speaks for."""

    subject: str
    role: Role
    worker_id: str | None = None
    uscc: str | None = None
    department: str | None = None
    district: str | None = None

    def reaches(self, district: str | None) -> bool:
        """Whether an officer reaches what is of a district: of their own, or as one of the city all, and what is of none."""
        return self.role == "officer" and self.district in (CITY, district)

    def is_officer_of(self, *departments: str) -> bool:
        """Whether this is an officer of one of the departments."""
        return self.role == "officer" and self.department in departments

    @property
    def of_whole_city(self) -> bool:
        """Whether an officer's district is the whole city."""
        return self.role == "officer" and self.district == CITY
