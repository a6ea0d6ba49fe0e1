"""The list of a month's courier outlets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.insurance.outlet_filing.views import read_list
from shared.web.problems import Problem
from tests.unit.identity.numbers import make_uscc

OWN, FIRM = make_uscc("MA0000001"), make_uscc("MA0000002")


def row(**changes: Any) -> dict[str, Any]:
    return {"uscc": OWN, "name": "旌阳一部", "district": "510603", "filing": "licensed", "insurer": None} | changes


def test_a_list_is_the_same_as_csv_and_as_json() -> None:
    as_json = json.dumps({"outlets": [row(), row(uscc=FIRM, filing="terminal_only", insurer=OWN)]}).encode()
    as_csv = f"uscc,name,district,filing,insurer\r\n{OWN},旌阳一部,510603,licensed,\r\n{FIRM},旌阳一部,510603,terminal_only,{OWN}"
    assert read_list(as_json, "application/json") == read_list(as_csv.encode("utf-8-sig"), "text/csv")


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"uscc": "91510600MA00000019"}, "uscc"),
        ({"district": "510100"}, "district"),
        ({"filing": "terminal_only"}, "insurer"),
        ({"name": ""}, "name"),
    ],
)
def test_a_list_with_a_wrong_row_is_refused_with_its_number(changes: dict[str, Any], at: str) -> None:
    content = json.dumps({"outlets": [row(uscc=FIRM), row(**changes)]}).encode()
    with pytest.raises(Problem) as refused:
        read_list(content, "application/json")
    assert refused.value.status == 422
    assert [(error["row"], error["at"]) for error in refused.value.extra["errors"]] == [(1, at)]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"outlets": 1}', b"\xff", b'{"outlets": []}'])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(Problem):
        read_list(content, "application/json")
