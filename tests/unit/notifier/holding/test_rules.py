"""What of a held message is still to be told."""

from __future__ import annotations

from services.notifier.holding.rules import must_tell


def test_only_what_is_other_than_was_told_last_is_told() -> None:
    assert must_tell([], "blocked", untold="open")
    assert not must_tell([], "open", untold="open")
    assert must_tell(["blocked"], "open", untold="open")
    assert not must_tell(["blocked", "open"], "open", untold="open")
    assert must_tell(["blocked", "open"], "blocked", untold="open")
