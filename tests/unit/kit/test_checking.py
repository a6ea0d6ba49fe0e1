"""`make conformance EVENTS=FILE`: what a platform's events lack, said without a server."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from deploy.kit.checking import check, lines_of
from deploy.kit.conformance import main
from deploy.kit.sets import WELL_MADE, ill_made, well_made
from services.registry.gateway.commands import sort
from services.registry.gateway.rules import moment_of
from shared import clock
from shared.contracts.platform import NATURAL_KEY, platform_source
from tests.unit.registry.pushes import RIVAL, UBIQ, engagement, incident, order


def conformance(file: Path, **more: str) -> tuple[int, str]:
    """The exit status of a check of a file, and what it prints."""
    out = io.StringIO()
    status = main({"EVENTS": str(file), **more}, Console(file=out, width=200))
    return status, out.getvalue()


def rows(out: str, kind: str) -> list[list[str]]:
    """The cells of the table's rows on a type."""
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.splitlines() if f".{kind}.v1" in line]


def write(file: Path, *events: dict[str, Any] | str) -> Path:
    lines = (event if isinstance(event, str) else json.dumps(event, ensure_ascii=False) for event in events)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def test_the_kits_own_events_are_right_and_of_every_type() -> None:
    status, out = conformance(WELL_MADE)
    assert status == 0
    assert "9 个事件全部符合 · all 9 events are right" in out
    assert {event["type"] for event in well_made(UBIQ)} == {fact.TYPE for fact in NATURAL_KEY}


def test_what_is_wrong_stands_by_type_in_both_languages(file: Path) -> None:
    wrong = [order(fee=6.5), order(fee=7), engagement(phone="12345")]
    status, out = conformance(write(file, order(), *wrong[:1], "", *wrong[1:]))
    assert status == 1
    assert rows(out, "order.finished") == [
        [
            *("✗", "cn.deyang.platform.order.finished.v1", "3"),
            *("fee 缺失或不符合格式", "fee is missing or does not hold to the schema"),
            *("2", "2, 4"),
        ]
    ]
    assert rows(out, "engagement.started")[0][3] == "phone 不是手机号码"
    assert rows(out, "incident.reported")[0][0] == "–"
    assert "3 of 4 events are not right" in out


def test_what_is_right_is_marked_so(file: Path) -> None:
    _, out = conformance(write(file, order(), order(fee=1), incident()))
    assert rows(out, "incident.reported")[0][:3] == ["✓", "cn.deyang.platform.incident.reported.v1", "1"]
    assert rows(out, "order.finished")[0][:3] == ["✗", "cn.deyang.platform.order.finished.v1", "2"]


def test_lines_that_are_no_events_are_told_of(file: Path) -> None:
    status, out = conformance(write(file, order(), "{", "7", order() | {"type": "[red]order"}))
    assert status == 1
    assert "事件不符合格式" in out
    assert "[red]order" in out
    assert "2, 3" in out


def test_events_of_another_source_are_not_the_platforms(file: Path) -> None:
    mixed = write(file, order(), order(), order(platform=RIVAL))
    assert rows(conformance(mixed)[1], "order.finished")[0][-2:] == ["1", "3"]
    assert rows(conformance(mixed, PLATFORM=RIVAL)[1], "order.finished")[0][-2:] == ["2", "1, 2"]


def test_nothing_that_an_event_says_is_printed(file: Path) -> None:
    broken = engagement(id_number="510603199003070011", name="李秘密", phone="13800000009")
    _, out = conformance(write(file, broken))
    assert "id_number" in out
    for secret in ("510603199003070011", "李秘密", "13800000009"):
        assert secret not in out


def test_an_id_that_comes_again_with_other_words_is_wrong(file: Path) -> None:
    one = order()
    other = order() | {"id": one["id"]}
    assert conformance(write(file, one, one))[0] == 0
    status, out = conformance(write(file, one, other))
    assert status == 1
    assert "silently passed over" in out


@pytest.mark.parametrize("given", [{}, {"EVENTS": "no such file"}, {"EVENTS": "/dev/null"}])
def test_what_cannot_be_checked_is_neither_right_nor_wrong(given: dict[str, str]) -> None:
    assert main(given, Console(file=io.StringIO())) == 2


def test_a_source_that_is_no_credit_code_cannot_be_checked(file: Path) -> None:
    out = io.StringIO()
    console = Console(file=out, width=200)
    assert main({"EVENTS": str(write(file, order() | {"source": "/platforms/us"}))}, console) == 2
    assert "统一社会信用代码" in out.getvalue()


def test_each_ill_made_event_has_the_one_fault_it_is_named_for() -> None:
    now = clock.now()
    for caption, event in ill_made(UBIQ, now):
        found = list(check(lines_of([json.dumps(event).encode()]), platform_source(UBIQ), moment_of(now)))
        assert len(found) == 1, caption
        field = caption.removeprefix("no ").partition(" = ")[0].removeprefix("data.")
        word = {"type": "unknown type", "data.taken_at": "taken_at"}.get(field, field)
        assert word in found[0].en, (caption, found[0].en)


def test_the_kit_refuses_what_the_gateway_refuses() -> None:
    raws = [json.dumps(event).encode() for _, event in ill_made(UBIQ, clock.now())]
    _, rejected = asyncio.run(sort(UBIQ, raws))
    found = check(lines_of(raws), platform_source(UBIQ), moment_of(clock.now()))
    assert [f"{finding.zh} / {finding.en}" for finding in found] == [rejection.detail for rejection in rejected]
