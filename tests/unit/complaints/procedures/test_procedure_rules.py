"""What a complaint claims, as a dispute may claim it too."""

from __future__ import annotations

from services.complaints.procedures.rules import Claim, complained


def test_a_complaint_claims_for_each_person_what_it_may() -> None:
    assert complained(["w2", "w1", "w1"], "e", "late_pay") == [Claim("w1", "e", "pay"), Claim("w2", "e", "pay")]
    assert [one.kind for one in complained(["w1"], "e", "rest")] == ["rest", "working_time"]


def test_what_no_dispute_claims_excludes_nothing() -> None:
    assert complained(["w1"], "e", "discrimination") == []
    assert complained(["w1"], None, "late_pay") == []
    assert complained([], "e", "late_pay") == []
