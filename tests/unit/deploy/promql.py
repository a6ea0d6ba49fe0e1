"""What a question in PromQL names: series, and the labels that it asks of them. Not a parser: promtool is one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

SERIES = re.compile(r"\b(xindun[a-z_:]*)(?:\{([^}]*)\})?")
LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"([^\"]*)\"")
GROUPING = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")


def selections(query: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each series that a question names, with the values that it asks of labels."""
    for name, asked in SERIES.findall(query):
        yield name, dict(LABEL.findall(asked))


def groupings(query: str) -> set[str]:
    """The labels by which a question brings series together."""
    return {label.strip() for labels in GROUPING.findall(query) for label in labels.split(",")}


def asked_of(queries: Iterable[str]) -> list[str]:
    """The series that some questions name."""
    return [name for query in queries for name, _ in selections(query)]
