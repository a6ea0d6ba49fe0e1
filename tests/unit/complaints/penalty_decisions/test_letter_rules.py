from __future__ import annotations

from dataclasses import fields, replace

import pytest

from services.complaints.penalty_decisions.letter_rules import (
    Letter,
    NoticeWords,
    check_notice_whole,
    check_whole,
    party,
)
from shared.errors import RuleBroken

WHOLE = Letter(
    party="某公司", address="某路1号", pay_to="某银行", review_body="某政府", court="某法院", authority="某局"
)


def test_a_whole_letter_passes() -> None:
    check_whole(WHOLE, pays=True, evidence=True)
    check_whole(replace(WHOLE, pay_to=None), pays=False, evidence=True)


@pytest.mark.parametrize("name", [one.name for one in fields(Letter)])
def test_a_letter_lacks_no_field(name: str) -> None:
    with pytest.raises(RuleBroken):
        check_whole(replace(WHOLE, **{name: None}), pays=True, evidence=True)


def test_all_that_a_letter_lacks_is_named() -> None:
    with pytest.raises(RuleBroken) as broken:
        check_whole(Letter(party="某公司"), pays=True, evidence=False)
    named = ["当事人地址", "证据", "履行方式", "行政复议机关", "管辖法院", "作出决定的行政机关"]
    assert broken.value.extra["missing"] == named


def test_a_letter_names_the_party_as_it_is_known() -> None:
    assert party(None, "某公司") == "某公司"
    assert party(None, None) is None
    for written in (None, "某公司（德阳）", "某公司(德阳)", "某公司 （德阳）"):
        assert party("某公司（德阳）", written) == "某公司（德阳）"
    with pytest.raises(RuleBroken) as broken:
        party("某公司（德阳）", "某公司")
    assert broken.value.kind == "party-differs"
    assert "德阳" not in broken.value.zh


TOLD = NoticeWords(party="某公司", speak_to="某大队", authority="某局")


def test_a_whole_notice_passes() -> None:
    check_notice_whole(TOLD)
    assert set(TOLD.read) == {"某公司", "某大队", "某局"}


def test_all_that_a_notice_lacks_is_named() -> None:
    for name in (one.name for one in fields(NoticeWords)):
        with pytest.raises(RuleBroken):
            check_notice_whole(replace(TOLD, **{name: None}))
    with pytest.raises(RuleBroken) as broken:
        check_notice_whole(NoticeWords())
    assert broken.value.zh.startswith("行政处罚事先告知书缺少")
    assert broken.value.extra["missing"] == ["当事人名称", "陈述、申辩和要求听证的途径", "告知的行政机关"]
