from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import bars, plots
from tests.bench.percentiles import named, percentile
from tests.bench.usage import STATEMENTS, Usage, counted

PAGE = f"""\
# TYPE {STATEMENTS} counter
{STATEMENTS}{{command="find"}} 7.0
{STATEMENTS}{{command="commitTransaction"}} 2.0
"""


def test_statements_are_read_from_a_page_of_metrics() -> None:
    assert counted(PAGE, STATEMENTS, "command") == {"find": 7, "commitTransaction": 2}


def test_what_the_stack_uses_at_rest_is_taken_off() -> None:
    """For as long as the work took."""
    rest = Usage(10.0, {"mongo": 0.5}, {"registry": {"find": 20.0}})
    before = Usage(100.0, {"mongo": 1.0, "load": 5.0}, {"registry": {"find": 100.0}})
    after = Usage(120.0, {"mongo": 4.0, "load": 9.0}, {"registry": {"find": 170.0, "commitTransaction": 10.0}})

    cost = after.since(before).beyond(rest).each(10)

    assert cost["statements"] == 4.0  # 70 finds in 20 s, of which 40 are rest, and ten commits
    assert cost["transactions"] == 1.0
    assert cost["cpu_ms"] == 200.0  # 3 s less 1 s of rest; what makes the load is not counted
    assert cost["commands_by_service"] == {"registry": {"commitTransaction": 1.0, "find": 3.0}}


@pytest.mark.parametrize(("percent", "value"), [(50, 500), (99, 990), (99.9, 999), (100, 1000)])
def test_a_percentile_is_what_so_many_percent_do_not_exceed(percent: float, value: float) -> None:
    assert percentile(list(range(1000, 0, -1)), percent) == value


def test_percentiles_are_named_after_what_they_are_of() -> None:
    assert named("push", [3.0]) == {"push_p50_ms": 3.0, "push_p99_ms": 3.0, "push_p999_ms": 3.0}


def test_a_bar_is_judged_only_where_its_figure_was_measured() -> None:
    found = bars.judged({"native": {"orders_ratio": 0.79}, "embedded": {"orders_ratio": 0.1, "rest_cores": 0.1}})
    assert [(bar["engine"], bar["figure"], bar["held"]) for bar in found] == [
        ("native", "orders_ratio", False),
        ("embedded", "rest_cores", True),
    ]


def test_every_series_gets_its_plot(tmp_path: Path) -> None:
    series = {
        "native": {
            "orders": [(0.1 * step, 100 * step) for step in range(50)],
            "complaint at 20/s, ms": [float(ms) for ms in range(1, 400)],
            "complaint at 20/s, waiting": [(0, 1), (1, 3), (2, 0)],
        }
    }
    assert [file.name for file in plots.draw(series, tmp_path)] == ["orders.png", "latency.png", "waiting.png"]
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in ("orders.png", "latency.png"))
