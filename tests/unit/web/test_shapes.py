"""Which of many things may serve a request."""

from __future__ import annotations

import pytest

from shared.web.shapes import Shapes


@pytest.fixture
def shapes() -> Shapes[str]:
    found: Shapes[str] = Shapes()
    found.add("/v1/cases", ["GET", "POST"], "all")
    found.add("/v1/cases/{case_id}", ["GET"], "one")
    found.add("/v1/cases/newest", ["GET"], "newest")
    found.add("/v1/cases/{case_id}/steps", ["POST"], "steps")
    found.add("/v1/cases/{case_id}/{part}", ["POST"], "part")
    found.add("/v1/files/{name:path}", ["GET"], "file")
    return found


def test_a_path_is_of_what_has_its_shape(shapes: Shapes[str]) -> None:
    assert shapes.of("GET", "/v1/cases") == ("all",)
    assert shapes.of("GET", "/v1/cases/7") == ("one",)
    assert shapes.of("POST", "/v1/cases/7/others") == ("part",)
    assert shapes.of("POST", "/v1/cases/7") == ()
    assert shapes.of("GET", "/v2/cases") == ()


def test_what_was_added_first_comes_first(shapes: Shapes[str]) -> None:
    assert shapes.of("GET", "/v1/cases/newest") == ("one", "newest")
    assert shapes.of("POST", "/v1/cases/7/steps") == ("steps", "part")


def test_a_path_that_takes_the_rest_may_be_of_any_length(shapes: Shapes[str]) -> None:
    assert shapes.of("GET", "/v1/files/a") == shapes.of("GET", "/v1/files/a/b/c/d/e/f") == ("file",)


def test_a_slash_more_is_another_path(shapes: Shapes[str]) -> None:
    assert shapes.of("GET", "/v1/cases/") == ("one",)
    assert shapes.of("GET", "/v1/cases/7/") == ()


def test_strangers_make_no_more_shapes_than_there_are(shapes: Shapes[str]) -> None:
    for number in range(100):
        shapes.of("GET", f"/v1/cases{'/x' * number}{number}")
        shapes.of("GET", f"/v{number}/cases")
    assert len(shapes._found) <= 10


def test_a_route_begins_with_words() -> None:
    with pytest.raises(ValueError, match="which router"):
        Shapes[str]().add("/{anything}", ["GET"], "any")
