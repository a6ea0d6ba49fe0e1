"""What the list of unindexed queries names must still be asked, which only a whole run can tell."""

from __future__ import annotations

from collections.abc import Set

import pytest

from tests.lists import listed
from tests.watching.queries import LIST

CHOICES = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "collectonly")


def is_whole(config: pytest.Config) -> bool:
    """Whether no test was left out."""
    return config.args == config.getini("testpaths") and not any(getattr(config.option, one) for one in CHOICES)


def never_sent(sent: Set[str]) -> list[str]:
    """The listed queries that no service has sent."""
    return sorted(set(listed(LIST)) - sent)
