"""The licence that a penalty takes away or suspends, as it is stored within it."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel

from services.complaints.penalty_grounds import licence_rules
from services.complaints.penalty_grounds.rules import Revocable


class Suspended(BaseModel):
    """A licence that is suspended, and for how many natural days."""

    kind: Revocable
    days: int

    @property
    def value(self) -> licence_rules.Suspended:
        return licence_rules.Suspended(self.kind, self.days)

    @classmethod
    def of(cls, value: licence_rules.Suspended | None) -> Self | None:
        return None if value is None else cls(kind=value.kind, days=value.days)


class NamedLicence(BaseModel):
    """A licence as a decision names it: its number, and the body that granted it."""

    number: str
    authority: str

    @property
    def value(self) -> licence_rules.NamedLicence:
        return licence_rules.NamedLicence(self.number, self.authority)

    @classmethod
    def of(cls, value: licence_rules.NamedLicence | None) -> Self | None:
        return None if value is None else cls(number=value.number, authority=value.authority)
