"""What was found against what the input demands, figure by figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

UNDEMANDED = ("seconds", "day_seconds", "engines", "providers", "published")
"""What a report says about the run and not about the input. By which provider an SMS goes rests on its id, which chance gives; whom
a draw names rests on its seed, and is checked by drawing again."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what the input demands; None where one side does not have it."""

    path: str
    expected: Any
    found: Any


def compare(expected: dict[str, Any], report: dict[str, Any]) -> list[Difference]:
    """Every figure in which a report differs from what was calculated, in order; how long it took, and on what, is no matter."""
    demanded = dict(_figures(expected))
    found = dict(_figures({name: value for name, value in report.items() if name not in UNDEMANDED}))
    return [
        Difference(path, demanded.get(path), found.get(path))
        for path in demanded | found
        if path not in demanded or path not in found or not _same(demanded[path], found[path])
    ]


def _same(one: object, other: object) -> bool:
    # "12.30" is not 12.3, and true is not 1.
    return type(one) is type(other) and one == other


def _figures(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _figures(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        yield f"{path}.count", len(value)
        for place, inner in enumerate(value):
            yield from _figures(inner, f"{path}[{_label(inner, place)}]")
    else:
        yield path, value


def _label(item: Any, place: int) -> str:
    if isinstance(item, dict) and {"platform", "month"} <= item.keys():
        return f"{item['platform']} {item['month']}"
    return str(place)
