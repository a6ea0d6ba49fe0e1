"""What a timer carries of several that one transaction has named."""

from __future__ import annotations

from shared.storage.kinds import TimerKind, Together

KIND = TimerKind("test.together", Together)


def test_what_was_named_is_read_as_it_was_stored() -> None:
    assert KIND.read(KIND.stored(Together(("one", "two")))).items == ("one", "two")


def test_a_timer_of_earlier_versions_names_nothing() -> None:
    assert KIND.read({}).items == ()
