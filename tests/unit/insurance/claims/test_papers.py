"""Which papers an application needs, what can be done instead, and which reports are about one accident."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.claims import remedies
from services.insurance.claims.rules import check_papers, required_papers, same_accident
from services.insurance.decisions import commands as deciding
from services.insurance.decisions.commands import cases
from services.insurance.decisions.decision_letter import REASONS
from services.insurance.reports.photos import media_type_of
from shared.contracts.insurance import ClaimStep
from shared.errors import RuleBroken
from shared.policy.parameters import parameters
from shared.storage.pieces import PIECE

LAW = parameters.on(dt.date(2026, 9, 2), place="510603")
AT = dt.datetime(2026, 9, 2, 4, 10, tzinfo=dt.UTC)
HOURS = dt.timedelta(hours=12)


def test_an_application_needs_the_papers_of_article_18() -> None:
    papers = required_papers("work_injury", LAW, fatal=False, kinds=[], applicant="platform", late=False)
    assert papers == ["recognition_application_form", "labour_relation_proof", "diagnosis"]
    assert all(used.verified for used in LAW.used if used.key == "work_injury.application_papers")


def test_what_who_and_when_add_their_papers_once() -> None:
    """What happened, who applies, and whether they are late."""
    papers = required_papers("occupational_injury", LAW, fatal=True, kinds=["traffic"], applicant="kin", late=True)
    assert papers == [
        "death_application_form", "informed_consent", "death_certificate", "kinship_proof", "responsibility_document",
        "late_explanation",
    ]  # fmt: skip


def test_every_paper_that_can_be_needed_has_a_name() -> None:
    for scheme in ("work_injury", "occupational_injury"):
        for fatal in (True, False):
            kinds = ["traffic", "violence", "sudden_death", "rescue"]
            check_papers(required_papers(scheme, LAW, fatal=fatal, kinds=kinds, applicant="kin", late=True), LAW)
    with pytest.raises(RuleBroken) as broken:
        check_papers(["diagnosis", "nonsense"], LAW)
    assert broken.value.extra["about"] == ["nonsense"]


def test_work_injury_has_ten_cases_and_three_excluded() -> None:
    """Seven cases of the law, and three that it treats alike."""
    recognised, excluded = cases("work_injury", LAW)
    assert (len(recognised), len(excluded)) == (10, 3)
    assert not set(recognised) & set(excluded)


def test_every_refusal_has_its_words_and_ways_out() -> None:
    """Every way out has its texts, and is named once."""
    assert set(remedies.TEXTS) == set(get_args(remedies.Remedy))
    assert set(remedies.BY_REASON) == set(get_args(deciding.Refusal)) <= set(REASONS)
    assert "work_injury" in remedies.remedies_after_refusal(["not_covered"])
    assert "work_injury" not in remedies.remedies_after_denial("work_injury")
    ways = remedies.remedies_after_refusal(["not_covered", "out_of_time"])
    assert len(ways) == len(set(ways))


def test_every_step_has_its_reminders() -> None:
    assert set(LAW.lists("claims.warning_days")) == set(get_args(ClaimStep))


def test_two_reports_close_together_are_of_one_accident() -> None:
    """Where they come from two sides, or are of one day."""
    one = (AT, "A", "platform:A")
    assert same_accident(one, (AT + HOURS, "A", "worker:"), HOURS)
    assert same_accident(one, (AT + dt.timedelta(hours=1), "A", "platform:A"), HOURS)
    assert same_accident(one, (AT, "B", "platform:B"), HOURS)
    assert not same_accident(one, (AT + HOURS + dt.timedelta(seconds=1), "A", "worker:"), HOURS)
    late = (dt.datetime(2026, 9, 2, 15, 50, tzinfo=dt.UTC), "A", "platform:A")
    assert not same_accident(late, (late[0] + dt.timedelta(minutes=20), "A", "platform:A"), HOURS)


@given(st.integers(-48, 48), st.sampled_from("AB"), st.sampled_from(("platform:A", "worker:", "union:x")))
def test_it_does_not_matter_which_report_comes_first(hours: int, platform: str, reporter: str) -> None:
    one, other = (AT, "A", "platform:A"), (AT + dt.timedelta(hours=hours), platform, reporter)
    assert same_accident(one, other, HOURS) == same_accident(other, one, HOURS)


def test_a_photo_is_known_by_its_first_bytes() -> None:
    assert media_type_of(b"\xff\xd8\xff\xe1rest") == "image/jpeg"
    assert media_type_of(b"\x89PNG\r\n\x1a\nrest") == "image/png"
    for other in (b"", b"\xff\xd8", b"%PDF-1.7", b"<svg>"):
        assert media_type_of(other) is None
    assert PIECE * 16 / 9 * 1.01 < 1024 * 1024
