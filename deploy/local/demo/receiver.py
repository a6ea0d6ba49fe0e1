"""A platform's own server in the demo: it hears of events by webhook, and verifies them with the library that is published for it."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TYPES = {"insurance.claim.filed.v1": "claims", "insurance.bill.issued.v1": "bills"}
"""The events that it wants, and what the report calls them."""


class Receiver:
    """What the platform `uscc` hears at `url`; it knows its `secret` once it has registered."""

    def __init__(self, uscc: str, url: str) -> None:
        self.uscc, self.url, self.secret = uscc, url, ""
        self.types: dict[str, str] = {}
        self.unverified = 0

    async def take(self, request: Request) -> Response:
        """Take one webhook; one that comes again counts once, by its id."""
        try:
            event = Webhook(self.secret).verify(await request.body(), dict(request.headers))
        except (WebhookVerificationError, ValueError):
            self.unverified += 1
            return Response(status_code=401)
        if event["type"] == "webhook.challenge":
            return JSONResponse({"token": event["data"]["token"]})
        self.types[request.headers["webhook-id"]] = event["type"]
        return Response(status_code=204)

    def figures(self) -> dict[str, int]:
        """How many events of each type came, and how many calls could not be verified."""
        came = Counter(self.types.values())
        return {name: came[f"cn.deyang.{kind}"] for kind, name in TYPES.items()} | {"unverified": self.unverified}


class Server(uvicorn.Server):
    """A server that leaves the signals to the demo."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def listening(uscc: str | None) -> AsyncIterator[Receiver | None]:
    """The platform's server at a free port of this machine; none where there is no platform."""
    if uscc is None:
        yield None
        return
    with socket.create_server(("127.0.0.1", 0)) as own:
        receiver = Receiver(uscc, f"http://127.0.0.1:{own.getsockname()[1]}/xindun")
        app = Starlette(routes=[Route("/xindun", receiver.take, methods=["POST"])])
        server = Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        task = asyncio.create_task(server.serve(sockets=[own]))
        try:
            yield receiver
        finally:
            server.should_exit = True
            await task
