"""The parameters of a text, and what an SMS is charged as."""

from __future__ import annotations

import pytest

from services.notifier.notices.rules import parts, short


def test_a_parameter_is_cut_to_what_the_gateway_takes() -> None:
    assert short("x" * 35) == "x" * 35
    assert short("x" * 36) == "x" * 34 + "…"


@pytest.mark.parametrize(("length", "charged"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_a_long_sms_is_charged_by_67_characters(length: int, charged: int) -> None:
    assert parts("德" * length) == charged


def test_an_emoji_counts_as_two_characters_of_an_sms() -> None:
    assert parts("德" * 69 + "🚚") == 2
