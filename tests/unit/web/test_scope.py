"""What a caller reaches."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from shared.callers import Caller
from shared.errors import Forbidden
from shared.web.problems import problem_of
from shared.web.scope import departments_of, fits, reach

FIELDS = {"worker": "worker_id", "platform": "platform", "district": "district"}


def officer(district: str) -> Caller:
    return Caller("o", "officer", department="hrss", district=district)


def test_an_officer_of_a_district_reaches_its_documents_alone() -> None:
    reached = [district for district in ("510603", "510681", "510600", None) if officer("510603").reaches(district)]
    assert reached == ["510603"]


def test_an_officer_of_the_city_reaches_every_document() -> None:
    """Also those of no district."""
    assert all(officer("510600").reaches(district) for district in ("510603", "510681", "510600", None))


def test_only_officers_reach_by_district() -> None:
    assert not Caller("w", "worker", worker_id="w").reaches(None)


def test_the_condition_names_what_is_the_callers_own() -> None:
    assert reach(Caller("w", "worker", worker_id="w-1"), **FIELDS) == {"worker_id": "w-1"}
    assert reach(Caller("p", "platform", uscc="P"), **FIELDS) == {"platform": "P"}
    assert reach(Caller("s", "provider", uscc="S"), provider="body") == {"body": "S"}
    assert reach(officer("510603"), **FIELDS) == {"district": "510603"}
    assert reach(officer("510600"), **FIELDS) == {}


@pytest.mark.parametrize("role", ["provider", "union", "provincial", "operator"])
def test_a_role_that_no_field_is_named_for_reaches_nothing(role: str) -> None:
    with pytest.raises(Forbidden) as refused:
        reach(Caller("x", role), **FIELDS)  # type: ignore[arg-type]
    assert problem_of(refused.value).status == 403


def test_a_document_fits_where_every_field_of_the_condition_does() -> None:
    document = SimpleNamespace(district="510603")
    assert fits(document, {"district": "510603"})
    assert fits(document, {})
    assert not fits(document, {"district": "510681"})


def test_an_articles_departments_are_those_of_the_policy() -> None:
    assert departments_of(8) == ("hrss", "medical_insurance", "transport", "commerce", "post")
