"""The operator's commands of a service: `python -m services.<service> <name>`."""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """An operator's command of one service: `python -m services.<service> <name>`. It has the database, and no broker.

    `declare` adds its arguments; `run` answers the exit status. `alone`: anybody's command, which needs no database, key or
    setting, always or with these arguments.
    """

    name: str
    help: str
    declare: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], Awaitable[int]]
    alone: bool | Callable[[Namespace], bool] = False

    async def done(self, arguments: Namespace) -> int:
        """Its exit status, once it has run."""
        return await self.run(arguments)

    def runs_alone(self, arguments: Namespace) -> bool:
        """Whether the command needs nothing with these arguments."""
        return self.alone(arguments) if callable(self.alone) else self.alone


def no_arguments(_: ArgumentParser) -> None:
    """What a command declares that takes no arguments."""


def run_if_asked(service: str, command: Command) -> None:
    """Run a command that needs nothing, and end, where the command line names it: the service itself is not even loaded."""
    if sys.argv[1:2] != [command.name]:
        return
    parser = ArgumentParser(prog=f"python -m services.{service} {command.name}", description=command.help)
    command.declare(parser)
    sys.exit(asyncio.run(command.done(parser.parse_args(sys.argv[2:]))))
