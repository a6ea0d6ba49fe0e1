"""Where a union acts (工会法 art. 11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a union acts: in districts or the whole city, and there in trades or for enterprises; in every trade where
    neither is named."""

    districts: frozenset[str]
    industries: frozenset[str]
    enterprises: frozenset[str]
    whole_city: bool = False

    @property
    def general(self) -> bool:
        return not self.industries and not self.enterprises

    def reaches(self, district: str) -> bool:
        """Whether it acts in a district, or in the whole city."""
        return self.whole_city or district in self.districts

    def covers(self, district: str, parties: Iterable[tuple[str | None, Collection[str]]]) -> bool:
        """Whether all of what is about some parties in a district lies within: each a platform (None: a trade as a whole)
        with the trades that it is in (none: every trade)."""
        return self.reaches(district) and all(self._acts_for(platform, trades) for platform, trades in parties)

    def touches(self, district: str, parties: Iterable[tuple[str | None, Collection[str]]]) -> bool:
        """Whether any of what is about some parties in a district lies within."""
        return self.reaches(district) and any(self._acts_for(platform, trades) for platform, trades in parties)

    def _acts_for(self, platform: str | None, trades: Collection[str]) -> bool:
        return self.general or platform in self.enterprises or not self.industries.isdisjoint(trades)
