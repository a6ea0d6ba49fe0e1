"""`python -m shared.policy`: every row whose value is not verified, or that nobody has found, for an operator."""

import sys
import unicodedata
from collections.abc import Iterator, Sequence

from shared.policy.parameters import as_text, parameters

_HEAD = ("parameter", "title", "scope", "from", "to", "value", "source", "note")
_WIDEST_VALUE = 40


def unverified() -> Iterator[tuple[str, ...]]:
    """One line of cells, as in the head, for each row that is not verified."""
    for parameter in parameters:
        for row in parameter.rows:
            if not row.verified:
                value = "(missing)" if row.value is None else as_text(row.value)
                yield (
                    parameter.key,
                    parameter.title,
                    str(row.scope),
                    str(row.valid_from),
                    str(row.valid_to or ""),
                    value if len(value) <= _WIDEST_VALUE else value[: _WIDEST_VALUE - 1] + "…",
                    str(row.source),
                    row.note,
                )


def table(lines: Sequence[tuple[str, ...]]) -> str:
    """Lines of cells as text in columns, wide Chinese characters counted as two."""
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


if __name__ == "__main__":
    sys.stdout.write(table([_HEAD, *unverified()]) + "\n")
