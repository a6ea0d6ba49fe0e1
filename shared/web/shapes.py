"""What may serve a request, told by its method and the shape of its path: asking every route of a service in turn costs more than
many an answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Generic, TypeVar

T = TypeVar("T")

WHOLE_REST: Final = ":path}"
"""What a parameter ends with that takes in further segments."""


class Shapes(Generic[T]):
    """Things by the routes that they serve. A shape is a path's first two segments, how many there are, and the last one."""

    def __init__(self) -> None:
        self._added: dict[tuple[str, str], list[tuple[int | None, str, T]]] = {}
        self._words: set[str] = set()
        """Last segments that are no parameters."""
        self._longest = 0
        self._found: dict[tuple[str, str, int, str], tuple[T, ...]] = {}

    def add(self, path: str, methods: Iterable[str], one: T) -> None:
        """Let something be found for a route; raises ValueError where the route begins with a parameter."""
        begins, last = _beginning(path), _last(path)
        if "{" in begins:
            raise ValueError(f"{begins}: what a route begins with says which router serves it")
        count = None if WHOLE_REST in path else path.count("/")
        self._longest = max(self._longest, count or 0)
        word = "" if count is None or "{" in last else last
        self._words.add(word)
        for method in methods:
            self._added.setdefault((begins, method), []).append((count, word, one))
        self._found.clear()

    def of(self, method: str, path: str) -> tuple[T, ...]:
        """What was added for routes that may have this path, in the order of its adding, each once."""
        begins, last = _beginning(path), _last(path)
        added = self._added.get((begins, method))
        if added is None:
            return ()
        # longer paths than any route are one shape, so that strangers make no more than there are
        count, word = min(path.count("/"), self._longest + 1), last if last in self._words else ""
        key = (begins, method, count, word)
        if key not in self._found:
            fitting = {id(one): one for number, end, one in added if number in (None, count) and end in ("", word)}
            self._found[key] = tuple(fitting.values())
        return self._found[key]


def _beginning(path: str) -> str:
    """A path up to its second segment, as `/v1/cases`."""
    return "/".join(path.split("/", 3)[:3])


def _last(path: str) -> str:
    return path.rpartition("/")[2]
