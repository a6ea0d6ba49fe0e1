from __future__ import annotations

import pytest

from services.complaints.evidence import rules
from shared.errors import Conflict, RuleBroken


def test_a_party_hands_in_so_many_files() -> None:
    rules.check_number(rules.MOST - 1)
    with pytest.raises(RuleBroken):
        rules.check_number(rules.MOST)


def test_a_file_is_shown_to_the_other_side_by_decision_alone() -> None:
    shown = rules.shown_to("reporter")
    assert shown == ["reporter", "officer"]
    after = rules.disclosed(shown, "enterprise", confidential=False, by="reporter")
    assert after == ["reporter", "officer", "enterprise"]
    assert rules.disclosed(after, "enterprise", confidential=False, by="reporter") == after


def test_what_could_tell_a_confidential_reporter_stays_hidden() -> None:
    with pytest.raises(Conflict):
        rules.disclosed(["reporter", "officer"], "enterprise", confidential=True, by="reporter")
    assert rules.disclosed(["officer"], "enterprise", confidential=True, by="officer") == ["officer", "enterprise"]
