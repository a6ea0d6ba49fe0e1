"""Which numbers of a table of people are not shown, since they would show a person.

Several tables of the same people share their sums: how many there are of a kind stands in the table by kind and month as in that by
kind and outcome. So which of the sums are left out follows from the sums alone, and is the same in each table; and of the cells so
many are left out that none follows from all the sums and the other cells, taken together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

Place = tuple[int, int]
Node = tuple[str, int]
Shown = list[list[int | None]]


def tabulated(
    counts: Mapping[str, Mapping[str, int]], by: str, across: str, smallest: int
) -> tuple[list[str], list[str], Shown]:
    """The keys, the columns and the numbers of a table of two sides, `by` and `across`, with its totals, as `shown` leaves them. The
    same numbers are left out with the sides changed about; where both are one side, each cell is a total."""
    keys = sorted(key for key, cells in counts.items() if any(cells.values()))
    columns = sorted({column for key in keys for column, number in counts[key].items() if number})
    cells = [[counts[key].get(column, 0) for column in columns] for key in keys]
    if not keys:
        return [], [], []
    if by == across:
        totals = _sums([sum(row) for row in cells], smallest)
        lines: Shown = [[totals[r] if r == c else 0 for c in range(len(keys))] for r in range(len(keys))]
        return keys, columns, [*([*line, totals[r]] for r, line in enumerate(lines)), totals]
    if by < across:
        return keys, columns, shown(cells, smallest)
    turned = shown([list(column) for column in zip(*cells, strict=True)], smallest)
    return keys, columns, [list(line) for line in zip(*turned, strict=True)]


def rounded(table: Shown, smallest: int) -> Shown:
    """The numbers as the nearest multiples of the smallest that may be shown: one person more changes none by one."""
    return [
        [None if number is None else (number + smallest // 2) // smallest * smallest for number in line]
        for line in table
    ]


def shown(cells: Sequence[Sequence[int]], smallest: int) -> Shown:
    """A table with its totals, without what would show a person: the last row and the last column are totals.

    A number below `smallest`, but for 0, is left out. Of every row and column further ones are, the smallest first, until what is
    left out of it cannot be told from the rest: at least two cells, that come to `smallest` together.
    """
    if not cells:
        return [[]]
    rows = [[*row, sum(row)] for row in cells]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    lowest, rightmost = _sums(rows[-1][:-1], smallest), _sums([row[-1] for row in rows[:-1]], smallest)
    if len(cells) == 1:  # each cell is a total
        return [lowest, lowest]
    if len(lowest) == 2:
        return [[one, one] for one in rightmost]
    out = {(r, c) for r, row in enumerate(cells) for c, number in enumerate(row) if 0 < number < smallest}
    covered = {("row", r) for r, number in enumerate(rightmost[:-1]) if number is None}
    covered |= {("column", c) for c, number in enumerate(lowest[:-1]) if number is None}
    _leave_out_more(cells, out, covered, smallest)
    table: Shown = [[None if (r, c) in out else number for c, number in enumerate(row)] for r, row in enumerate(cells)]
    return [*([*row, rightmost[r]] for r, row in enumerate(table)), lowest]


def _sums(totals: Sequence[int], smallest: int) -> list[int | None]:
    """Totals and their own sum, without those that are small, and others from which these would follow."""
    out = {place for place, number in enumerate(totals) if 0 < number < smallest}
    left = sorted((number, place) for place, number in enumerate(totals) if number >= smallest)
    for _, place in left:
        if not out or (len(out) > 1 and sum(totals[one] for one in out) >= smallest):
            break
        out.add(place)
    whole = sum(totals)
    found: list[int | None] = [None if place in out else number for place, number in enumerate(totals)]
    return [*found, None if 0 < whole < smallest else whole]


def _leave_out_more(cells: Sequence[Sequence[int]], out: set[Place], covered: set[Node], smallest: int) -> None:
    """Leave further cells out, until none of those left out follows from the rest, even to somebody who knows all totals.
    `covered`: the rows and columns whose totals are left out."""
    rows = [r for r, row in enumerate(cells) if any(row)]
    columns = [c for c, column in enumerate(zip(*cells, strict=True)) if any(column)]
    lines: dict[Node, list[Place]] = {
        **{("row", r): [(r, c) for c in columns] for r in rows},
        **{("column", c): [(r, c) for r in rows] for c in columns},
    }
    while True:
        before = len(out)
        for node, line in lines.items():
            _leave_out_of(line, cells, out, smallest, covered=node in covered)
        if len(out) > before:
            continue
        if len(rows) == 1 or len(columns) == 1:  # each cell is a total, and follows where that is shown
            return
        left = [place for r in rows for place in lines["row", r] if place not in out]
        if (place := _joining(cells, left, out, covered)) is None:
            return
        out.add(place)


def _leave_out_of(
    line: Sequence[Place], cells: Sequence[Sequence[int]], out: set[Place], smallest: int, *, covered: bool
) -> None:
    """Leave at least two cells of a row or column out, that come to `smallest` together where its total is shown."""
    hidden = [place for place in line if place in out]
    if not hidden and not covered:
        return
    come_to = sum(cells[r][c] for r, c in hidden)
    for r, c in sorted((place for place in line if place not in out), key=lambda one: _nearness(one, cells)):
        if len(hidden) > 1 and (covered or come_to >= smallest):
            return
        out.add((r, c))
        hidden.append((r, c))
        come_to += cells[r][c]


def _nearness(place: Place, cells: Sequence[Sequence[int]]) -> tuple[bool, int, Place]:
    """The smallest number first, 0 last: that there is nobody shows no person, but hides who there is."""
    number = cells[place[0]][place[1]]
    return number == 0, number, place


def _joining(
    cells: Sequence[Sequence[int]], left: Sequence[Place], out: set[Place], covered: set[Node]
) -> Place | None:
    """One of the cells that are `left` to leave out, where a number that is left out follows from the rest; None where none does, or
    all is left out.

    What is left out is a graph, with a number as an edge between its row and its column. With all totals known a number follows where
    its edge is the only way between two parts. And where totals are left out in several parts that nothing joins, a part says how
    they differ, which other tables may complete.
    """
    touched = {r for r, _ in out}, {c for _, c in out}
    for part in _parts(out, covered):
        joining = [(r, c) for r, c in left if (("row", r) in part) != (("column", c) in part)]
        if joining:
            return min(
                joining, key=lambda one: (one[0] not in touched[0], one[1] not in touched[1], _nearness(one, cells))
            )
    return None


def _parts(out: set[Place], covered: set[Node]) -> Iterator[set[Node]]:
    """The parts to be joined with the rest: those behind an edge that is the only way to them, and all but one of those with totals
    left out."""
    beside: defaultdict[Node, list[Node]] = defaultdict(list)
    for r, c in sorted(out):
        beside["row", r].append(("column", c))
        beside["column", c].append(("row", r))
    entered: dict[Node, int] = {}
    reached: dict[Node, int] = {}
    order: list[Node] = []
    joined = False
    for root in list(beside):
        if root in entered:
            continue
        way: list[tuple[Node, Node | None, Iterator[Node]]] = [(root, None, iter(beside[root]))]
        entered[root] = reached[root] = len(order)
        order.append(root)
        while way:
            node, before, more = way[-1]
            for other in more:
                if other == before:
                    continue
                if other in entered:
                    reached[node] = min(reached[node], entered[other])
                    continue
                entered[other] = reached[other] = len(order)
                order.append(other)
                way.append((other, node, iter(beside[other])))
                break
            else:
                way.pop()
                if before is not None:
                    reached[before] = min(reached[before], reached[node])
                    if reached[node] > entered[before]:
                        yield set(order[entered[node] :])
        if not covered.isdisjoint(part := set(order[entered[root] :])):
            if joined:
                yield part
            joined = True
