from __future__ import annotations

import pytest

from services.subsidies.trainees.rules import plain


@pytest.mark.parametrize(
    "written", ["买买提·艾力", "买买提 · 艾力", "买买提•艾力", "买买提・艾力", " 买买提·艾力\u3000"]
)
def test_a_name_is_compared_without_blanks_and_by_one_dot(written: str) -> None:
    assert plain(written) == "买买提·艾力"


def test_other_names_stay_other() -> None:
    assert plain("张三") != plain("张三丰")
