"""Each of the policy's eighteen articles has an end-to-end test of its name, and README says where it lives, and every room."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.lists import assert_only, listed
from tests.unit.project.code import LISTS, ROOT, SERVICES

NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
ARTICLES = {numeral: number for number, numeral in enumerate((*NUMERALS, *("十" + one for one in NUMERALS[:8])), 1)}
NAME = re.compile(r"test_article_(\d\d)_\w+\.py")
ROW = re.compile(r"^\| ([一二三四五六七八九十、]+) [^|]*\| `", re.MULTILINE)
CELLS = re.compile(rf"^\| [^|]+ \| (`(?:{'|'.join(SERVICES)})/[^|]*)\|", re.MULTILINE)
"""Cells of README's table that begin with a room: the articles', and what all of them rest on."""
ROOM = re.compile(r"`([a-z_/]+)`")


def articles_tested() -> set[int]:
    folder = ROOT / "tests" / "end_to_end" / "articles"
    return {int(match[1]) for path in folder.glob("test_*.py") if (match := NAME.fullmatch(path.name))}


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_article_has_an_end_to_end_test_of_its_name() -> None:
    untested = {f"article {number}" for number in ARTICLES.values() if number not in articles_tested()}
    assert_only(untested, listed(LISTS / "untested_articles.yaml"), "articles without a test_article_NN_*.py")


def test_the_readme_names_the_articles_that_are_tested() -> None:
    named = {ARTICLES[numeral] for numerals in ROW.findall(readme()) for numeral in numerals.split("、")}
    assert named == articles_tested()


def rooms_in(cell: str) -> Iterator[str]:
    """The rooms that a cell of README's table names: each of the service that was named last."""
    service = ""
    for name in ROOM.findall(cell):
        first, _, rest = name.partition("/")
        service, capability = (first, rest) if first in SERVICES else (service, name)
        yield f"services/{service}/{capability}"


def rooms_of_the_readme() -> set[str]:
    return {room for cell in CELLS.findall(readme()) for room in rooms_in(cell)}


def test_the_rooms_that_the_readme_names_are_there() -> None:
    assert {room for room in rooms_of_the_readme() if not (ROOT / room / "__init__.py").is_file()} == set()


def test_the_readme_names_every_room() -> None:
    rooms = {str(caption.parent.relative_to(ROOT)) for caption in (ROOT / "services").glob("*/*/__init__.py")}
    assert rooms
    assert rooms - rooms_of_the_readme() == set()
