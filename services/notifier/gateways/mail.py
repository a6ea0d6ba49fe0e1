"""E-mail by SMTP. The server does not know a message again: one whose answer is lost can neither be asked about nor given twice."""

from __future__ import annotations

import contextlib
import re
import ssl
from collections.abc import Awaitable, Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Final

import aiosmtplib
from opentelemetry.trace import SpanKind
from prometheus_client import Counter

from services.notifier.gateways.connection import NotTaken
from services.notifier.gateways.rules import Accepted, Refused, Unknown
from services.notifier.notices.rules import SIGNATURE
from services.notifier.settings import MailSettings
from shared import clock
from shared.policy.calendar import SHANGHAI
from shared.telemetry import traces

SECONDS = 5.0
"""How long each answer of the server is awaited."""

DEAD_ADDRESS: Final = "EMAIL_ADDRESS_REFUSED"
"""Why an e-mail is refused whose address the server says is nobody's."""
ANSWER_LOST: Final = "EMAIL_ANSWER_LOST"
"""Why nobody can say whether an e-mail went out."""

FAULTS = Counter(
    "xindun_notifier_mail_faults",
    "E-mails that no server took since it refused our login, or its certificate is not trusted. Not 0: put the settings right.",
    ["fault"],
)
for _fault in ("login", "certificate"):
    FAULTS.labels(_fault)  # shown from the start: what rises from nothing is seen to rise

_NO_SUCH_ADDRESS = re.compile(r"5\.1\.\d+\b")
_ENHANCED = re.compile(r"5\.\d+\.\d+\b")
_REFUSED_MAILBOX = frozenset({550, 551, 553})

Submit = Callable[[], Awaitable[bool]]
"""Stores that a message is on its way from now on; False where it need not go any more."""


class MailGateway:
    """The mail server that the settings name."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._tls = None if settings.tls == "none" else ssl.create_default_context(cafile=settings.ca_file)

    async def send(
        self, address: str, title: str, text: str, message_id: str, submit: Submit
    ) -> Accepted | Refused | Unknown | None:
        """Give the server one message; None where `submit`, which is called before the message itself is, says no.

        Raises `NotTaken` where the server surely does not have it: it cannot be reached, or says 4xx.
        """
        message = compose(self._settings.sender, address, title, text, message_id)
        with traces.span("mail send", SpanKind.CLIENT):
            client = self._client()
            try:
                if refused := await self._open(client, address):
                    return refused
                return await _hand_in(client, message) if await submit() else None
            finally:
                with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                    await client.quit()
                client.close()

    def _client(self) -> aiosmtplib.SMTP:
        own = self._settings
        return aiosmtplib.SMTP(
            hostname=own.host,
            port=own.port,
            username=own.user,
            password=own.password,
            use_tls=own.tls == "tls",
            start_tls=own.tls == "starttls",
            tls_context=self._tls,
            timeout=SECONDS,
        )

    async def _open(self, client: aiosmtplib.SMTP, address: str) -> Refused | None:
        """Name sender and recipient. What the server has against us, or we against it, passes: it is no fault of the recipient's."""
        try:
            await client.connect()
            await client.mail(self._settings.sender)
            await client.rcpt(address)
        except aiosmtplib.SMTPRecipientRefused as error:
            return _refused(error.code, error.message)
        except aiosmtplib.SMTPAuthenticationError as error:
            FAULTS.labels("login").inc()
            raise NotTaken(f"the mail server refuses our login: {error.code}") from None
        except aiosmtplib.SMTPResponseException as error:
            raise NotTaken(f"the mail server answers {error.code}") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            if _untrusted(error):
                FAULTS.labels("certificate").inc()
                raise NotTaken("the mail server's certificate is not trusted") from None
            raise NotTaken(f"the mail server cannot be reached: {type(error).__name__}") from None
        return None


def _untrusted(error: BaseException | None) -> bool:
    """Whether an error, or what it came from, is that the server's certificate does not check out."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def compose(sender: str, address: str, title: str, text: str, message_id: str) -> bytes:
    """The message as it goes over the line. Its Message-ID is the same however often it is sent."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(SIGNATURE, addr_spec=sender)
    message["To"] = Address(addr_spec=address)
    message["Subject"] = " ".join(f"【{SIGNATURE}】{title}".split())
    message["Date"] = format_datetime(clock.now().astimezone(SHANGHAI))
    message["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # so that no holiday note answers it
    message.set_content(f"{text}\n\n{SIGNATURE}\n（本邮件由系统自动发送，请勿回复）\n", charset="utf-8", cte="base64")
    return message.as_bytes()


async def _hand_in(client: aiosmtplib.SMTP, message: bytes) -> Accepted | Refused | Unknown:
    try:
        await client.data(message)
    except aiosmtplib.SMTPDataError as error:
        if 400 <= error.code < 600:
            return _refused(error.code, "")
        return Unknown(ANSWER_LOST)
    except (aiosmtplib.SMTPException, OSError):
        return Unknown(ANSWER_LOST)
    return Accepted()


def _refused(code: int, said: str) -> Refused:
    """What a 5xx means: the server's text is never kept, since it may name the recipient. Raises `NotTaken` for any other code."""
    if code // 100 != 5:
        raise NotTaken(f"the mail server answers {code}")
    if _NO_SUCH_ADDRESS.match(said) or (code in _REFUSED_MAILBOX and said and not _ENHANCED.match(said)):
        return Refused(DEAD_ADDRESS)
    return Refused(f"SMTP {code}")
