"""A trial's result as officers see it: without the numbers that would show a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from shared.policy.parameters import Used
from shared.policy.small_cells import shown
from shared.trials.tally import DIRECTIONS, ZERO, Direction, Tally, direction


class TrialPayment(BaseModel):
    """What a payer pays for a trade by what is in force and by the draft; `what`: premiums and the like, `count` of things paid."""

    what: str
    payer: str
    trade: str
    count: int
    before: str
    after: str
    difference: str


class TrialPeople(BaseModel):
    """What people get, or have to wait for, by kind. Left out where so few are concerned that it would show a person."""

    what: str
    kind: str
    count: int
    before: str
    after: str
    difference: str


class TrialDistrict(BaseModel):
    """How many become more, less, stay, or cannot be told; null where the number would show a person."""

    district: str
    cells: list[int | None]
    total: int | None


class TrialTable(BaseModel):
    """Whom a change concerns: enterprises that pay (`payers`), or people."""

    what: str
    of: str = Field(description="payers or people")
    columns: list[Direction]
    lines: list[TrialDistrict]
    totals: list[int | None]
    total: int | None


class TrialResult(BaseModel):
    """Everything that a trial shows. `facts`: how many were reckoned again; `left_out`: kinds with fewer than `smallest`."""

    facts: int
    smallest: int
    payments: list[TrialPayment]
    people: list[TrialPeople]
    left_out: int
    by_district: list[TrialTable]
    used: list[Used]


def result(tally: Tally, smallest: int, used: Sequence[Used] = ()) -> TrialResult:
    payments: defaultdict[tuple[str, str, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO, ZERO])
    payers: defaultdict[tuple[str, str, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    people: list[TrialPeople] = []
    left_out = 0
    for key, sums in sorted(tally.sums.items()):
        if key[0] == "payer":
            _, what, payer, trade, district = key
            _add(payments[what, payer, trade], sums)
            _add(payers[what, district, payer], sums[1:])
        elif sums[0] < smallest:
            left_out += 1
        else:
            people.append(TrialPeople(what=key[1], kind=key[2], **_sums(sums)))
    counts: defaultdict[tuple[str, str, Direction], int] = defaultdict(int)
    for (what, district, _), (before, after) in payers.items():
        counts[what, district, direction(before, after)] += 1
    return TrialResult(
        facts=tally.facts,
        smallest=smallest,
        payments=[
            TrialPayment(what=what, payer=payer, trade=trade, **_sums(sums))
            for (what, payer, trade), sums in sorted(payments.items())
        ],
        people=people,
        left_out=left_out,
        by_district=[*_tables("payers", counts, smallest), *_tables("people", dict(tally.people), smallest)],
        used=list(used),
    )


def _add(to: list[Decimal], more: list[Decimal]) -> None:
    for place, amount in enumerate(more):
        to[place] += amount


def _sums(sums: list[Decimal]) -> dict[str, Any]:
    count, before, after = sums
    return {"count": int(count), "before": str(before), "after": str(after), "difference": str(after - before)}


def _tables(of: str, counts: Any, smallest: int) -> list[TrialTable]:
    tables: list[TrialTable] = []
    for what in sorted({key[0] for key in counts}):
        districts = sorted({key[1] for key in counts if key[0] == what})
        cells = [[counts.get((what, district, one), 0) for one in DIRECTIONS] for district in districts]
        table = shown(cells, smallest)
        totals = table.pop()
        lines = [
            TrialDistrict(district=district, cells=line[:-1], total=line[-1])
            for district, line in zip(districts, table, strict=True)
        ]
        tables.append(
            TrialTable(what=what, of=of, columns=list(DIRECTIONS), lines=lines, totals=totals[:-1], total=totals[-1])
        )
    return tables
