"""What a trial comes to, without the numbers that would show a person."""

from __future__ import annotations

from decimal import Decimal

from shared.policy.parameters import parameters
from shared.trials.cli import shown
from shared.trials.results import result
from shared.trials.stages import Course, Stage, Trying, advance
from shared.trials.tally import Tally, direction

TEN, TWELVE = Decimal("10.00"), Decimal("12.50")


def test_more_less_the_same_or_unknown() -> None:
    assert [direction(TEN, TWELVE), direction(TWELVE, TEN), direction(TEN, TEN), direction(None, TEN)] == [
        "more",
        "less",
        "same",
        "unknown",
    ]


def test_payers_are_summed_by_trade_and_counted_by_district() -> None:
    tally = Tally()
    for district in ("510603", "510603", "510681"):
        tally.pays("premium", district, "P1", "courier", TEN, TWELVE)
    tally.pays("premium", "510603", "P2", "freight", TEN, TEN)
    found = result(Tally(tally.stored()), 1)
    assert [(one.payer, one.trade, one.count, one.difference) for one in found.payments] == [
        ("P1", "courier", 3, "7.50"),
        ("P2", "freight", 1, "0.00"),
    ]
    [table] = found.by_district
    assert [(line.district, line.cells) for line in table.lines] == [("510603", [1, 0, 1, 0]), ("510681", [1, 0, 0, 0])]
    assert (table.totals, table.total) == ([2, 0, 1, 0], 3)


def test_few_people_are_not_shown() -> None:
    tally = Tally()
    for _ in range(20):
        tally.gets("benefit", "510603", "nursing", TEN, TWELVE)
    for _ in range(2):
        tally.gets("benefit", "510681", "funeral", TWELVE, TEN)
    found = result(tally, 5)
    assert [(one.kind, one.count, one.difference) for one in found.people] == [("nursing", 20, "50.00")]
    assert found.left_out == 1
    [table] = found.by_district
    assert all(line.cells[1] != 2 for line in table.lines)
    assert "funeral" not in shown(found)


async def test_a_course_goes_from_stage_to_stage() -> None:
    seen: list[str] = []

    async def counting(trying: Trying, after: str, tally: Tally) -> str | None:
        seen.append(after)
        tally.facts += 1
        return None if after == "2" else str(int(after or "0") + 1)

    course, more = Course(), True
    trying = Trying("2026-09", parameters)
    while more:
        more = await advance(course, [Stage("one", counting), Stage("two", counting)], trying)
    assert seen == ["", "1", "2", "", "1", "2"]
    assert (course.stage, course.tally.facts) == (2, 6)


def test_a_tally_does_not_grow_with_its_facts() -> None:
    """Many facts of the same payer, trade and district are one line, so that memory stays flat."""
    tally = Tally()
    for _ in range(50_000):
        tally.pays("premium", "510603", "P1", "courier", TEN, TWELVE)
    assert (len(tally.sums), tally.facts) == (1, 50_000)
    assert len(str(tally.stored())) < 200
