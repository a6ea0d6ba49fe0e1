"""What the whole stack spends when nobody asks anything of it."""

from __future__ import annotations

from tests.bench.stack import Found, running
from tests.bench.usage import LOAD

SECONDS = 30


async def rest() -> Found:
    """The share of a core that each program takes, and the statements of each service a second."""
    async with running("rest") as bench:
        used = await bench.at_rest(SECONDS)
    cores = {name: round(seconds / used.seconds, 4) for name, seconds in used.cpu.items() if name != LOAD}
    statements = {
        service: {command: round(count / used.seconds, 2) for command, count in own.items() if count}
        for service, own in used.statements.items()
    }
    return Found(
        {
            "rest_cores": round(sum(cores.values()), 3),
            "rest_statements_per_second": round(sum(sum(own.values()) for own in statements.values()), 2),
            "rest_cores_by_program": dict(sorted(cores.items(), key=lambda one: -one[1])),
            "rest_statements_by_service": statements,
        }
    )
