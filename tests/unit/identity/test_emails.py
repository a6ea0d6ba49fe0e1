"""What is an e-mail address."""

from __future__ import annotations

import pytest

from shared.identity.emails import is_email


@pytest.mark.parametrize("address", ["a@example.com", "wang.wu+duty@hrss.deyang.gov.cn", "X_1@a-b.example"])
def test_a_plain_address_is_taken(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.com",
        "a@localhost",
        "a@-x.example",
        "a..b@example.com",
        ".a@example.com",
        '"a b"@example.com',
        "a@example.com\n",
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com, b@example.com",
        "a b@example.com",
        "<a@example.com>",
        "值班@example.com",
        "a@" + "b" * 250 + ".com",
    ],
)
def test_what_could_break_a_header_or_a_command_is_none(address: str) -> None:
    assert not is_email(address)
