"""Kept decisions, taken again by whoever has the records: each must give the same bytes."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from services.subsidies.applications.kinds import RULES
from services.subsidies.decisions import record_rules
from services.subsidies.decisions.documents import Decision
from services.subsidies.decisions.record_rules import CannotRepeat


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--verify", type=Path, metavar="FILE", help="the exported record of a decision")
    parser.add_argument("--all", action="store_true", help="every decision in the database")


def needs_nothing(arguments: argparse.Namespace) -> bool:
    """Whether a file alone is verified."""
    return not arguments.all


async def run(arguments: argparse.Namespace) -> int:
    """Verify decisions. 0: all are the same; 1: one is not, with where; 2: unreadable, or of a rule that is not known here."""
    if arguments.all:
        return await _all()
    if arguments.verify is None:
        print("say --verify FILE or --all")  # noqa: T201
        return 2
    try:
        content = arguments.verify.read_bytes().rstrip(b"\n")
        difference = record_rules.difference(content, RULES)
    except (OSError, ValueError, RecursionError) as error:
        print(f"cannot be read: {str(error)!r}")  # noqa: T201
        return 2
    if difference is not None:
        print(f"DIFFERENT  {difference}")  # noqa: T201
        return 1
    print(f"the same, sha256 {hashlib.sha256(content).hexdigest()}")  # noqa: T201
    return 0


async def _all() -> int:
    count, status = 0, 0
    async for decision in Decision.find_all().sort("_id"):
        count += 1
        try:
            difference = record_rules.difference(decision.content, RULES)
        except CannotRepeat as error:
            difference, status = str(error), 2
        else:
            status = max(status, int(difference is not None))
        if difference is None and hashlib.sha256(decision.content).hexdigest() != decision.digest:
            difference, status = "the digest is another", max(status, 1)
        if difference is not None:
            # a result names nobody, but facts may: only where it differs is said
            print(f"DIFFERENT  {decision.id}  {difference.partition(':')[0]}")  # noqa: T201
    print(f"{count} decisions taken again: {'all the same' if status == 0 else 'see above'}")  # noqa: T201
    return status
