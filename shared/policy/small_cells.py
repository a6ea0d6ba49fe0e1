"""Which numbers of a table of people are not shown, since they would show a person."""

from __future__ import annotations

from collections.abc import Sequence


def shown(cells: Sequence[Sequence[int]], smallest: int) -> list[list[int | None]]:
    """A table with its totals, without what would show a person: the last row and the last column are totals.

    A cell below `smallest`, but for 0, is left out. Of every row and column further ones are, the smallest first, until what is
    left out of it cannot be told from the rest: at least two cells, that come to `smallest` together.
    """
    rows = [[*row, sum(row)] for row in cells]
    rows.append([sum(column) for column in zip(*rows, strict=True)] if rows else [])
    tall, wide = len(rows), len(rows[0]) if rows else 0
    out = {(r, c) for r in range(tall) for c in range(wide) if 0 < rows[r][c] < smallest}
    lines = [[(r, c) for c in range(wide)] for r in range(tall)] + [[(r, c) for r in range(tall)] for c in range(wide)]
    while True:
        before = len(out)
        for line in lines:
            hidden = [place for place in line if place in out]
            while hidden and (len(hidden) == 1 or _inner(hidden, rows, line) < smallest):
                left = [place for place in line if place not in out and rows[place[0]][place[1]] > 0]
                if not left:
                    break
                # a total is left out only where nothing else is there to leave out
                nearest = min(left, key=lambda place: (place == line[-1], rows[place[0]][place[1]], place))
                out.add(nearest)
                hidden.append(nearest)
        if len(out) == before:
            return [[None if (r, c) in out else rows[r][c] for c in range(wide)] for r in range(tall)]


def _inner(hidden: Sequence[tuple[int, int]], rows: Sequence[Sequence[int]], line: Sequence[tuple[int, int]]) -> int:
    """What is left out of a line comes to this, without its total."""
    return sum(rows[r][c] for r, c in hidden if (r, c) != line[-1])
