"""Lists, the newest first: whatever stretches of time they are read in, every document comes once, in its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from operator import eq, ge, le, lt
from types import SimpleNamespace
from typing import Any, Literal, Self

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from pymongo import IndexModel

from shared import clock
from shared.ids import first_id_at
from shared.web import newest
from shared.web.paging import Page, paging

Sort = Literal["-_id", "-created_at"]
HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": eq,
    "$gte": ge,
    "$lte": le,
    "$lt": lt,
    "$in": lambda value, several: value in several,
    "$nin": lambda value, several: value not in several,
}


def fits(row: Any, condition: dict[str, Any]) -> bool:
    for name, wanted in condition.items():
        if name in ("$and", "$or"):
            if not (all if name == "$and" else any)(fits(row, one) for one in wanted):
                return False
        else:
            value = row.id if name == "_id" else getattr(row, name)
            bounds = wanted if isinstance(wanted, dict) else {"$in": [wanted]}
            if not all(HOLDS[word](value, bound) for word, bound in bounds.items()):
                return False
    return True


class Collection:
    """Rows in memory, that says how many each statement found before it took the first ones."""

    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows
        self.read: list[int] = []

    def get_settings(self) -> Any:
        keys = ["state", "_id"], ["state", "created_at", "_id"], ["state", "kind", "created_at", "_id"], ["kind", "_id"]
        return SimpleNamespace(
            indexes=[SimpleNamespace(index=IndexModel([(one, 1) for one in names])) for names in keys]
        )

    def find(self, condition: dict[str, Any]) -> Self:
        self.found = [row for row in self.rows if fits(row, condition)]
        self.read.append(len(self.found))
        return self

    def sort(self, *order: str) -> Self:
        for one in reversed(order):
            name = "id" if one == "-_id" else one.removeprefix("-")
            self.found.sort(key=lambda row: getattr(row, name), reverse=True)
        return self

    def limit(self, most: int) -> Self:
        self.found = self.found[:most]
        return self

    async def to_list(self) -> list[Any]:
        return self.found


@pytest.fixture(autouse=True)
def never_read_before() -> None:
    newest._known.clear()


def made(hours: float, number: int, *, ours: bool = True, state: str = "open") -> Any:
    at = (clock.now() - dt.timedelta(hours=hours)).replace(microsecond=0)
    own = f"{first_id_at(at)}-7000-8000-{number:012d}" if ours else f"lead-{number}"
    return SimpleNamespace(id=own, created_at=at, state=state, kind="late" if number % 2 else "short")


async def pages(rows: Collection, query: dict[str, Any], sort: Sort, limit: int) -> list[str]:
    found, cursor = [], None
    while True:
        page = await Page[str].of(rows, query, lambda row: row.id, paging(limit, cursor), sort=sort)  # type: ignore[arg-type]
        found += page.items
        if (cursor := page.next) is None:
            return found


NOW = dt.datetime(2026, 9, 30, 12, tzinfo=dt.UTC)
hours = st.sampled_from([-2, 0, 1, 2, 4, 16, 64, 256, 300, 9999])
"""Where stretches end, and between."""
made_rows = st.lists(st.tuples(hours, st.booleans(), st.sampled_from(["open", "closed"])), max_size=40)
queries = st.sampled_from(
    [
        {},
        {"state": "open"},
        {"kind": {"$nin": ["late"]}, "state": "open"},
        {"kind": "late", "state": "open"},
        {"$or": [{"state": "open"}, {"state": "closed"}]},
        {"state": "open", "_id": {"$gte": "0"}},
        {"created_at": {"$gte": dt.datetime(2001, 1, 1, tzinfo=dt.UTC)}},
    ]
)


@given(made_rows, queries, st.sampled_from(["-_id", "-created_at"]), st.integers(1, 12))
async def test_each_document_comes_once_and_in_its_place(
    drawn: list[tuple[int, bool, str]], query: dict[str, Any], sort: Sort, limit: int
) -> None:
    with time_machine.travel(NOW, tick=False):
        rows = [made(hours, at, ours=ours, state=state) for at, (hours, ours, state) in enumerate(drawn)]
        in_order = sorted(
            [row for row in rows if fits(row, query)],
            key=lambda row: row.id if sort == "-_id" else (row.created_at, row.id),
            reverse=True,
        )
        expected, read = [row.id for row in in_order], Collection(rows)
        assert await pages(read, query, sort, limit) == expected
        assert await pages(read, query, sort, limit) == expected


@pytest.mark.parametrize("sort", ["-_id", "-created_at"])
async def test_a_long_list_is_read_by_stretches(sort: Sort) -> None:
    rows = Collection([made(number / 4, number) for number in range(10_000)])
    shown, cursor = list[str](), None
    for _ in range(5):
        page = await Page[str].of(rows, {}, lambda row: row.id, paging(20, cursor), sort=sort)  # type: ignore[arg-type]
        shown, cursor = shown + page.items, page.next
    assert shown == [row.id for row in rows.rows[:100]]
    assert all(read < 200 for read in rows.read)
    assert all(read < 50 for read in rows.read[-3:])


@pytest.mark.parametrize("sort", ["-_id", "-created_at"])
async def test_a_long_list_is_not_read_whole_for_short_ones(sort: Sort) -> None:
    """Neither where other lists by the same fields are short, nor where it was short itself, nor after a thousand others."""
    rows = Collection([made(number, number, state="closed") for number in range(3)])
    with time_machine.travel(NOW, tick=False) as clock_:
        await first_page(rows, {"state": "open"}, sort)
        await first_page(rows, {"state": "closed"}, sort)
        clock_.shift(newest.SHORT_FOR)
        rows.rows += [made(number / 4, 10 + number, state="open") for number in range(10_000)]
        rows.read.clear()
        assert await first_page(rows, {"state": "open"}, sort) == [row.id for row in rows.rows[3:23]]
        for at in range(newest.LISTS):
            newest._remember((at,), "created_at", NOW, [], full=False)
        await first_page(rows, {"state": "open"}, sort)
        assert max(rows.read) < 200


@pytest.mark.parametrize("hours", [0.25, 0.5, 3, 7, 40, 300])
async def test_an_unknown_list_is_read_no_further_than_it_needs(hours: float) -> None:
    """However far its documents lie apart: what the last stretch held says how long the next one must be."""
    rows = Collection([made(number * hours, number) for number in range(300)])
    assert await first_page(rows, {}, "-_id") == [row.id for row in rows.rows[:20]]
    assert max(rows.read) < 50
    assert len(rows.read) < 7


@pytest.mark.parametrize("sort", ["-_id", "-created_at"])
async def test_a_list_that_has_not_grown_is_read_as_before(sort: Sort) -> None:
    """Where all of it is a year old, it is read whole once; and where much has come since, no more than a stretch of that."""
    with time_machine.travel(NOW, tick=False) as clock_:
        rows = Collection([made(9000 + number / 4, number) for number in range(10_000)])
        await first_page(rows, {}, sort)
        rows.read.clear()
        for _ in range(3):
            clock_.shift(dt.timedelta(days=30))
            assert await first_page(rows, {}, sort) == [row.id for row in rows.rows[:20]]
        assert max(rows.read) < 50
        rows.rows = [made(number / 100, 20_000 + number) for number in range(10_000)] + rows.rows
        await first_page(rows, {}, sort)
        rows.read.clear()
        assert await first_page(rows, {}, sort) == [row.id for row in rows.rows[:20]]
        assert rows.read == [pytest.approx(31, abs=5)]


async def test_a_short_list_is_read_with_one_statement() -> None:
    rows = Collection([made(hours, hours) for hours in range(0, 9000, 1000)])
    await pages(rows, {}, "-_id", 50)
    rows.read.clear()
    assert await pages(rows, {}, "-_id", 50) == [row.id for row in rows.rows]
    assert rows.read == [9]


@pytest.mark.parametrize(
    ("field", "query", "first"),
    [
        ("_id", {"state": "open", "kind": {"$nin": ["late"]}}, {"state"}),
        ("_id", {"state": "open", "kind": "late"}, {"state"}),
        ("_id", {"kind": "late", "state": "open"}, {"kind"}),
        ("created_at", {"kind": "late", "state": "open", "other": 1}, {"kind", "state"}),
        ("created_at", {"kind": "late", "state": {"$in": ["open"]}}, {"kind", "state"}),
    ],
)
async def test_what_leads_an_index_stands_with_its_bounds(field: str, query: dict[str, Any], first: set[str]) -> None:
    """And nothing else does, where some index serves a part of the question; all of it, where none does."""
    asked = list[dict[str, Any]]()

    class Asked(Collection):
        def find(self, condition: dict[str, Any]) -> Self:
            asked.append(condition)
            return super().find(condition)

    sort: Sort = "-_id" if field == "_id" else "-created_at"
    rows = Asked([SimpleNamespace(**vars(made(0, number)), other=1) for number in range(60)])
    await Page[str].of(rows, query, lambda row: row.id, paging(5, None), sort=sort)  # type: ignore[arg-type]
    for condition in asked:
        led = condition["$and"][0] if "$and" in condition else condition
        assert led.keys() - {field} == first


async def first_page(rows: Collection, query: dict[str, Any], sort: Sort) -> list[str]:
    page = await Page[str].of(rows, query, lambda row: row.id, paging(20, None), sort=sort)  # type: ignore[arg-type]
    return page.items
