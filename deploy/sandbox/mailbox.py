"""A mail server that keeps what it gets: a stand-in for the city's. SMTP on port 8125 (MAILBOX_SMTP_PORT), its page on 8104.

It takes mail only from who logs in with SMTP_USER and SMTP_PASSWORD: over a plain line, or where MAILBOX_CERTIFICATE names a file
only after STARTTLS, with a certificate that it makes at its start and writes there for whoever is to trust it. Told to at
`POST /sandbox/behaviour`, it answers RCPT late (`delay_ms`) or with `code` (`code_next`), knows no such mailbox (`refuse_next`),
answers the message itself with `status` and does not take it (`fail_next`), takes it and answers late (`answer_delay_ms`), or takes
it and drops the line (`lose_answer_next`). A person reads the mail at `/`, a test at
`GET /sandbox/messages?to=`.
"""

import asyncio
import hmac
import os
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from deploy.sandbox.common import Sandbox, serve
from deploy.sandbox.inbox import inbox
from deploy.sandbox.memory import Memory
from shared.settings import need, secret

PORT, SMTP_PORT = 8104, 8125


class Mailbox:
    """What the server does at each step of a conversation: aiosmtpd calls these by their names."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.mails = sandbox, Memory[dict[str, Any]]()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or do what was told."""
        self.sandbox.counts["calls"] += 1
        await asyncio.sleep(self.sandbox.behaviour.delay_ms / 1000)
        if self.sandbox.take("code_next"):
            return self.sandbox.behaviour.code
        if self.sandbox.take("refuse_next"):
            return f"550 5.1.1 <{address}>: no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a message, or do what was told."""
        if self.sandbox.take("fail_next"):
            return f"{self.sandbox.behaviour.status} as told"
        assert isinstance(envelope.content, bytes)
        self._keep(envelope.rcpt_tos, envelope.content)
        if self.sandbox.take("lose_answer_next"):
            cast("asyncio.Transport", server.transport).abort()
        await asyncio.sleep(self.sandbox.behaviour.answer_delay_ms / 1000)
        return "250 OK"

    def _keep(self, recipients: list[str], content: bytes) -> None:
        message = message_from_bytes(content, policy=default)
        body = message.get_body(("plain",))
        shown = {
            "at": datetime.now(UTC).isoformat(),
            "to": ", ".join(recipients),
            "subject": str(message["Subject"]),
            "text": body.get_content() if body else "",
            "headers": {name: str(value) for name, value in message.items()},
        }
        self.sandbox.counts["messages"] += 1
        self.mails.put(str(self.sandbox.counts["messages"]), shown)


def make_app(user: str, password: str, host: str, smtp_port: int, tls: ssl.SSLContext | None = None) -> ASGIApp:
    """The page and the server behind it; with `tls` only for who asks for it by STARTTLS."""
    sandbox = Sandbox()
    mailbox = Mailbox(sandbox)

    def log_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        known = isinstance(given, LoginPassword) and (
            hmac.compare_digest(given.login, user.encode()) and hmac.compare_digest(given.password, password.encode())
        )
        return AuthResult(success=known, handled=known)

    def conversation() -> SMTP:
        return SMTP(
            mailbox,
            hostname="mailbox",
            auth_required=True,
            auth_require_tls=tls is not None,
            require_starttls=tls is not None,
            tls_context=tls,
            authenticator=log_in,
        )

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        async with await asyncio.get_running_loop().create_server(conversation, host, smtp_port):
            yield

    async def messages(request: Request) -> Response:
        to = request.query_params.get("to")
        return JSONResponse([mail for mail in mailbox.mails.entries.values() if to in (None, mail["to"])])

    async def page(request: Request) -> Response:
        return inbox("邮件收件箱 · Mailbox", ("at", "to", "subject", "text"), list(mailbox.mails.entries.values()))

    return sandbox.app([Route("/", page), Route("/sandbox/messages", messages)], lifespan=running)


def _tls(file: str) -> ssl.SSLContext:
    from deploy.sandbox.certificate import make_certificate  # a plain line needs no cryptography

    return make_certificate(Path(file))


def from_environment(env: Mapping[str, str]) -> ASGIApp:
    """The page, and the server behind it, as the environment says."""
    certificate = env.get("MAILBOX_CERTIFICATE")
    return make_app(
        need(env, "SMTP_USER"),
        secret(env, "SMTP_PASSWORD"),
        env.get("HTTP_HOST", "127.0.0.1"),
        int(env.get("MAILBOX_SMTP_PORT", SMTP_PORT)),
        _tls(certificate) if certificate else None,
    )


if __name__ == "__main__":
    serve(from_environment(os.environ), PORT)
