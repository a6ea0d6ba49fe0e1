"""`python -m tests.integration.stack.small_stack DIRECTORY`: a supervisor over the two push and provincial sandboxes.

It prints `ready` when they are; ports and secrets come from the environment.
"""

import asyncio
import os
import sys
from pathlib import Path

from deploy.local.run import run_until_told
from deploy.local.stack import python_program
from deploy.local.supervisor import Program, Status, Supervisor

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def programs(first: int, second: int) -> list[Program]:
    """The two sandboxes on the given ports, the second one a stage later."""
    settings = {"PROVINCIAL_SECRET": SECRET, "PUSH_SECRET": "s", "RECEIPT_SECRET": SECRET}
    return [
        python_program("provincial", "deploy.sandbox.provincial", first, 0, settings),
        python_program("push", "deploy.sandbox.push", second, 1, settings),
    ]


def main() -> None:
    """Run until told to end."""
    ready: set[str] = set()

    def tell(name: str, status: Status) -> None:
        if status.state == "ready":
            ready.add(name)
            if len(ready) == 2:
                print("ready", flush=True)

    directory = Path(sys.argv[1])
    ports = int(os.environ["FIRST_PORT"]), int(os.environ["SECOND_PORT"])
    asyncio.run(run_until_told(Supervisor(programs(*ports), directory, tell=tell)))


if __name__ == "__main__":
    main()
