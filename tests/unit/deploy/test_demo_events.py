"""How the demo reads its input and cuts it into batches."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.local.demo import events

NOW = datetime(2026, 11, 20, tzinfo=UTC)
CODE = "91510600MA6000001K"
OWN, OTHER = f"/platforms/{CODE}", "/platforms/91510600MA7000000X"


def event(kind: str, worker: str = "w1", source: str = OWN, **data: str) -> events.Event:
    return {"type": f"cn.deyang.platform.{kind}.v1", "source": source, "data": {"worker_ref": worker, **data}}


ORDER = "order.finished"


def test_a_platform_pushes_its_own_events_in_order() -> None:
    """A stranger pushes what names no platform."""
    own = [event(ORDER, "w1"), event(ORDER, "w2")]
    strange = [event(ORDER, source=OWN[:-1] + "0"), {"type": "x"}, event(ORDER, source="elsewhere")]
    found = events.by_platform([own[0], strange[0], own[1], *strange[1:]])
    assert found == {CODE: own, events.STRANGER: strange}


def test_a_batch_is_a_thousand_events_or_seven_megabytes_at_most() -> None:
    small = [event(ORDER, f"w{number}") for number in range(2_500)]
    assert [len(batch) for batch in events.batches(small)] == [1_000, 1_000, 500]
    large = [event(ORDER, "w" * 3_000_000) for _ in range(3)]
    assert [len(batch) for batch in events.batches(large)] == [2, 1]
    assert json.loads(next(events.batches(small))[0]) == small[0]


def test_months_are_those_of_shanghai_and_not_of_the_future() -> None:
    orders = [
        event(ORDER, finished_at="2026-09-30T16:00:00Z"),
        event(ORDER, finished_at="2026-09-30T23:59:59+08:00"),
        event(ORDER, finished_at="2099-01-01T00:00:00+08:00"),
        event(ORDER, finished_at="2026-08-01T00:00:00"),
        event(ORDER, finished_at="soon"),
        event("engagement.started", finished_at="2026-07-01T00:00:00+08:00"),
    ]
    assert events.months(orders, NOW) == ["2026-09", "2026-10"]


def test_a_line_that_is_no_object_is_named(tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_text('{"id": 1}\n\n[1]\n')
    with pytest.raises(events.BadInput, match="line 3"):
        events.read_events(file)
    file.write_text('{"id": 1}\n\n{"id": 2}')
    assert events.read_events(file) == [{"id": 1}, {"id": 2}]
