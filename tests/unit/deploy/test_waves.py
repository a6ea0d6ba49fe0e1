"""How the demo cuts its input into waves and batches."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.local.demo import waves
from deploy.local.sample import generate

NOW = datetime(2026, 11, 20, tzinfo=UTC)
CODE = "91510600MA6000001K"
OWN, OTHER = f"/platforms/{CODE}", "/platforms/91510600MA7000000X"


def event(kind: str, worker: str = "w1", source: str = OWN, **data: str) -> waves.Event:
    return {"type": f"cn.deyang.platform.{kind}.v1", "source": source, "data": {"worker_ref": worker, **data}}


STARTED, ENDED, TRAINED, ORDER = "engagement.started", "engagement.ended", "training.completed", "order.finished"


@pytest.mark.parametrize(
    ("events", "sizes"),
    [
        ([], []),
        ([event(STARTED), event(ORDER), event(STARTED), event(ORDER)], [4]),
        ([event(STARTED), event(ORDER), event(TRAINED), event(ENDED)], [2, 1, 1]),
        ([event(STARTED), event(TRAINED, "w2"), event(ENDED, source=OTHER)], [3]),
        ([event(STARTED), {"type": 5}, {"type": "cn.deyang.platform.engagement.ended.v1", "data": []}], [3]),
    ],
)
def test_a_wave_ends_before_a_second_kind_of_standing_event_of_one_worker(
    events: list[waves.Event], sizes: list[int]
) -> None:
    cut = list(waves.waves(events))
    assert [len(wave) for wave in cut] == sizes
    assert [one for wave in cut for one in wave] == events


def test_a_platform_pushes_its_own_events_in_order_and_a_stranger_what_names_none() -> None:
    own = [event(ORDER, "w1"), event(ORDER, "w2")]
    strange = [event(ORDER, source=OWN[:-1] + "0"), {"type": "x"}, event(ORDER, source="elsewhere")]
    found = waves.by_platform([own[0], strange[0], own[1], *strange[1:]])
    assert found == {CODE: own, waves.STRANGER: strange}


def test_batches_hold_at_most_a_thousand_events_and_seven_megabytes() -> None:
    small = [event(ORDER, f"w{number}") for number in range(2_500)]
    assert [len(batch) for batch in waves.batches(small)] == [1_000, 1_000, 500]
    large = [event(ORDER, "w" * 3_000_000) for _ in range(3)]
    assert [len(batch) for batch in waves.batches(large)] == [2, 1]
    assert json.loads(next(waves.batches(small))[0]) == small[0]


def test_months_are_those_of_shanghai_and_not_of_the_future() -> None:
    orders = [
        event(ORDER, finished_at="2026-09-30T16:00:00Z"),
        event(ORDER, finished_at="2026-09-30T23:59:59+08:00"),
        event(ORDER, finished_at="2099-01-01T00:00:00+08:00"),
        event(ORDER, finished_at="2026-08-01T00:00:00"),
        event(ORDER, finished_at="soon"),
        event(STARTED, finished_at="2026-07-01T00:00:00+08:00"),
    ]
    assert waves.months(orders, NOW) == ["2026-09", "2026-10"]


def test_the_sample_day_is_pushed_in_few_waves() -> None:
    events = generate().events
    assert len(list(waves.waves(events))) < 10
    assert waves.months(events, NOW) == ["2026-09", "2026-10"]


def test_a_line_that_is_no_object_is_named(tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_text('{"id": 1}\n\n[1]\n')
    with pytest.raises(waves.BadInput, match="line 3"):
        waves.read_events(file)
    file.write_text('{"id": 1}\n\n{"id": 2}')
    assert waves.read_events(file) == [{"id": 1}, {"id": 2}]
