"""The same day in whatever order its events come, and however often each does: the same people, cover, bills and messages."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path

import pytest

from deploy.local.calculation import calculate
from deploy.local.demo.given import Input
from deploy.local.sample import generate
from tests.end_to_end.demo import demo, report_of
from tests.end_to_end.strange_days import strange_day


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("seed", "times"), [(1, 1), (2, 2)])
async def test_a_day_comes_out_the_same_in_any_order(tmp_path: Path, seed: int, times: int) -> None:
    day = generate(people=100, work=20)
    pushed = day.events * times
    random.Random(seed).shuffle(pushed)
    file = tmp_path / "events.ndjson"
    file.write_text("\n".join(json.dumps(event, ensure_ascii=False) for event in pushed), "utf-8")
    async with demo(tmp_path / "stack", "--input", str(file)) as process:
        status = await process.wait()
    assert status == 0, (tmp_path / "stack.log").read_text("utf-8")[-3000:]
    found = report_of(tmp_path / "stack")
    # whose cases are brought to their end depends on who is named first
    in_order = calculate(day.events, Input(pushed, []).all_actions, dt.datetime.now(dt.UTC))
    assert found["pushed"]["events"] == len(day.events) * times
    for part in ("registry", "insurance", "complaints", "subsidies", "notifier", "channels", "dead_letters"):
        assert found[part] == in_order[part]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("times", [1, 2])
async def test_a_strange_day_comes_out_as_its_input_demands(tmp_path: Path, times: int) -> None:
    """In order; and shuffled, each event twice. The demo's exit status says that every figure is what the input demands."""
    pushed = strange_day(times) * times
    if times > 1:
        random.Random(times).shuffle(pushed)
    file = tmp_path / "events.ndjson"
    file.write_text("\n".join(json.dumps(event, ensure_ascii=False) for event in pushed), "utf-8")
    async with demo(tmp_path / "stack", "--input", str(file)) as process:
        status = await process.wait()
    assert status == 0, (tmp_path / "stack.log").read_text("utf-8")[-3000:]
