"""Lists of what the project does not do yet as it should, each with its reason. A list may only get shorter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml


def listed(path: Path) -> dict[str, str]:
    """The reason of every exception of a list: a YAML file that maps each reason to the names that it holds for."""
    groups: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    names = [one for group in groups.values() for one in group]
    twice = sorted({one for one in names if names.count(one) > 1})
    assert not twice, f"{path.name} lists twice: {twice}"
    return {one: reason for reason, group in groups.items() for one in group}


def assert_only(found: Iterable[str], exceptions: Mapping[str, str], wrong: str) -> None:
    """Fail where something was found that is not listed with its reason, and where what is listed is found no more."""
    new, mended = sorted(set(found) - set(exceptions)), sorted(set(exceptions) - set(found))
    problems = [f"{wrong}: {new}"] if new else []
    problems += [f"need no exception any more, so take them off the list: {mended}"] if mended else []
    assert not problems, "; ".join(problems)
