"""`python -m services.<service> trial --parameters DRAFT.yaml --month YYYY-MM`: the same without storing anything at all."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from shared.commands import Command
from shared.errors import RuleBroken
from shared.policy.__main__ import table
from shared.policy.calendar import first_day
from shared.trials.commands import outcome
from shared.trials.results import TrialResult
from shared.trials.stages import Course, Stage, advance, trying


def trial_command(stages: Sequence[Stage]) -> Command:
    """A service's command that tries a draft; it answers 2 where the draft is refused."""

    async def run(arguments: Namespace) -> int:
        try:
            found = trying(arguments.parameters.read_text("utf-8"), arguments.month)
        except (OSError, UnicodeDecodeError) as error:
            print(f"{arguments.parameters}: {error}", file=sys.stderr)
            return 2
        except RuleBroken as refused:
            print(f"{refused.zh}\n{refused.en}", file=sys.stderr)
            return 2
        course, more = Course(), True
        while more:
            name = stages[course.stage].name
            try:
                more = await advance(course, stages, found)
            except ArithmeticError:
                print(
                    f"按草案的数值无法计算\nnothing can be reckoned by the figures of the draft: {name}",
                    file=sys.stderr,
                )
                return 2
            print(f"{name}: {course.tally.facts}", file=sys.stderr)
        print(shown(outcome(course.tally)))
        return 0

    return Command("trial", "reckon a recorded month again under draft parameters, storing nothing", _declare, run)


def shown(result: TrialResult) -> str:
    """A result as tables of text."""
    parts = [f"{result.facts} facts"]
    head = ("what", "who", "of", "count", "before", "after", "difference")
    sums = [
        *(
            (one.what, one.payer, one.trade, one.count, one.before, one.after, one.difference)
            for one in result.payments
        ),
        *((one.what, "(people)", one.kind, one.count, one.before, one.after, one.difference) for one in result.people),
    ]
    if sums:
        parts.append(table([head, *(tuple(map(str, line)) for line in sums)]))
    if result.left_out:
        parts.append(f"{result.left_out} kinds of fewer than {result.smallest} people are left out")
    for one in result.by_district:
        lines = [(line.district, *map(_cell, line.cells), _cell(line.total)) for line in one.lines]
        lines.append(("total", *map(_cell, one.totals), _cell(one.total)))
        parts.append(table([(f"{one.what}: {one.of}", *one.columns, "total"), *lines]))
    return "\n\n".join(parts)


def _cell(number: int | None) -> str:
    return "-" if number is None else str(number)


def _month(text: str) -> str:
    if f"{first_day(text):%Y-%m}" != text:
        raise ValueError(text)
    return text


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument("--parameters", type=Path, required=True, metavar="DRAFT.yaml", help="draft rows by parameter")
    parser.add_argument("--month", type=_month, required=True, help="a recorded month, YYYY-MM")
