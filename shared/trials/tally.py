"""What a trial comes to: sums before and after by who pays and for what trade, and how many people get more or less. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

Direction = Literal["more", "less", "same", "unknown"]
DIRECTIONS: tuple[Direction, ...] = ("more", "less", "same", "unknown")
ZERO = Decimal(0)


def direction(before: Decimal | None, after: Decimal | None) -> Direction:
    """Whether something becomes more or less; None: nobody knows how much it is."""
    if before is None or after is None:
        return "unknown"
    return "same" if before == after else "more" if after > before else "less"


class Tally:
    """Counts and sums, never of more keys than there are payers, trades, kinds and districts: memory stays flat over any rows."""

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        stored = stored or {}
        self.facts: int = stored.get("facts", 0)
        self.sums: defaultdict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO, ZERO])
        self.people: defaultdict[tuple[str, ...], int] = defaultdict(int)
        for key, count, before, after in stored.get("sums", ()):
            self.sums[tuple(key)] = [Decimal(count), Decimal(before), Decimal(after)]
        for key, count in stored.get("people", ()):
            self.people[tuple(key)] = count

    def stored(self) -> dict[str, Any]:
        """As it is stored between two steps."""
        return {
            "facts": self.facts,
            "sums": [[list(key), *map(str, values)] for key, values in sorted(self.sums.items())],
            "people": [[list(key), count] for key, count in sorted(self.people.items())],
        }

    def pays(self, what: str, district: str, payer: str, trade: str, before: Decimal, after: Decimal) -> None:
        """What an enterprise pays for one thing."""
        self.facts += 1
        self._sum(("payer", what, payer, trade, district), before, after)

    def gets(self, what: str, district: str, kind: str, before: Decimal | None, after: Decimal | None) -> None:
        """What is one person's: a benefit, a term, what they are short of. `kind`: what of it."""
        self.facts += 1
        self._sum(("person", what, kind), before or ZERO, after or ZERO)
        self.people[what, district, direction(before, after)] += 1

    def _sum(self, key: tuple[str, ...], before: Decimal, after: Decimal) -> None:
        sums = self.sums[key]
        sums[0] += 1
        sums[1] += before
        sums[2] += after
