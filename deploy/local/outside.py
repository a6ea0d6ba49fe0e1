"""The issuer and the sandboxes in one process, as the demo runs them: each as it is alone, at its own port and with its own
variables. Five processes would hold the same libraries five times.

`python -m deploy.local.outside` reads what each is told from OUTSIDE, as JSON by their names.
"""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Mapping

import uvicorn
import uvloop
from starlette.types import ASGIApp

from deploy.local.demo.receiver import Server
from deploy.local.issuer import app as issuer
from deploy.sandbox import mailbox, push, sms
from deploy.sandbox.provincial import app as provincial

APPS: Mapping[str, Callable[[Mapping[str, str]], ASGIApp]] = {
    "issuer": issuer.from_environment,
    "provincial": provincial.from_environment,
    "sms": sms.from_environment,
    "push": push.from_environment,
    "mailbox": mailbox.from_environment,
}


async def serve(told: Mapping[str, Mapping[str, str]]) -> None:
    """Serve each until SIGTERM or SIGINT."""
    servers = [
        Server(
            uvicorn.Config(
                APPS[name](env),
                host=env["HTTP_HOST"],
                port=int(env["HTTP_PORT"]),
                log_level="warning",
                access_log=False,  # it would hold phone numbers
                timeout_graceful_shutdown=2,
            )
        )
        for name, env in told.items()
    ]

    def end() -> None:
        for server in servers:
            server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end)
    await asyncio.gather(*(server.serve() for server in servers))


if __name__ == "__main__":
    uvloop.run(serve(json.loads(os.environ["OUTSIDE"])))
