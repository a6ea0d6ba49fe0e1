"""Asking providers first what they have, at an operator's word, after the database was brought back from a backup."""

from __future__ import annotations

import datetime as dt
import sys
from argparse import ArgumentParser, Namespace
from functools import partial

from services.notifier.providers import commands
from shared import clock
from shared.commands import Command
from shared.storage.transaction import transact


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--since",
        type=dt.datetime.fromisoformat,
        required=True,
        help="the instant of the backup, with an offset: `restore` prints it",
    )


async def _run(arguments: Namespace) -> int:
    since: dt.datetime = arguments.since
    if since.tzinfo is None or since > clock.now():
        print("--since is an instant that has been, with its offset", file=sys.stderr)
        return 2
    await transact(partial(commands.note_restore, since.astimezone(dt.UTC)))
    print(f"providers are asked for what was told before now, as they may have it since {since.isoformat()}")
    return 0


COMMANDS = (
    Command(
        "ask-first",
        "after a restore and before the start: have providers asked for SMS told of before now, before they are sent",
        _declare,
        _run,
    ),
)
