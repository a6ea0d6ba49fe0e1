"""What an e-mail looks like, and what a mail server's refusals mean."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest

from services.notifier.gateways import mail
from services.notifier.gateways.connection import NotTaken
from services.notifier.gateways.mail import DEAD_ADDRESS, compose


def test_the_same_message_has_the_same_id_and_reads_in_chinese() -> None:
    first, second = (compose("x@city.example", "a@b.example", "列入失信名单通知", "正文。", "m1") for _ in range(2))
    one, other = (message_from_bytes(text, policy=default) for text in (first, second))
    assert one["Message-ID"] == other["Message-ID"] == "<m1@city.example>"
    assert one["Subject"] == "【德阳人社】列入失信名单通知"
    assert one["From"] == "德阳人社 <x@city.example>"
    body = one.get_body()
    assert body is not None
    assert body.get_content().startswith("正文。\r\n")
    assert first.isascii()


def test_no_title_or_text_can_add_a_header() -> None:
    made = compose("x@city.example", "a@b.example", "题\r\nBcc: c@d.example", "\r\nBcc: c@d.example\r\n.\r\n", "m1")
    message = message_from_bytes(made, policy=default)
    assert message["Bcc"] is None
    assert message["Subject"] == "【德阳人社】题 Bcc: c@d.example"


@pytest.mark.parametrize(
    ("code", "said", "reason"),
    [
        (550, "5.1.1 <a@b.example>: no such mailbox", DEAD_ADDRESS),
        (553, "5.1.3 bad address", DEAD_ADDRESS),
        (550, "no such user here", DEAD_ADDRESS),
        (550, "5.7.1 blocked as spam", "SMTP 550"),
        (552, "5.2.2 mailbox full", "SMTP 552"),
        (554, "transaction failed", "SMTP 554"),
    ],
)
def test_only_what_says_that_nobody_has_it_kills_an_address(code: int, said: str, reason: str) -> None:
    assert mail._refused(code, said).reason == reason


def test_a_4xx_passes() -> None:
    with pytest.raises(NotTaken, match="answers 451"):
        mail._refused(451, "4.7.1 <a@b.example>: greylisted")
