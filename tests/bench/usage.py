"""What the programs of the stack use: processor seconds, and statements sent to the database."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import psutil
from prometheus_client.parser import text_string_to_metric_families

STATEMENTS = "xindun_database_statements_total"
LOAD = "load"
"""The benchmark's own process, among the programs."""


@dataclass(frozen=True)
class Usage:
    """Seconds of processor time by program, and statements by service and command: so far, or between two looks."""

    seconds: float
    cpu: dict[str, float]
    statements: dict[str, dict[str, float]]

    def since(self, earlier: Usage) -> Usage:
        """What was used between two looks."""
        return self._less(earlier, 1.0)

    def beyond(self, rest: Usage) -> Usage:
        """What was used beyond what the stack uses at rest in the same time."""
        return self._less(rest, self.seconds / rest.seconds, keep_seconds=True)

    def _less(self, other: Usage, times: float, *, keep_seconds: bool = False) -> Usage:
        return Usage(
            self.seconds if keep_seconds else self.seconds - other.seconds,
            _less(self.cpu, other.cpu, times),
            {name: _less(own, other.statements.get(name, {}), times) for name, own in self.statements.items()},
        )

    def each(self, count: int) -> dict[str, object]:
        """For one of `count`: statements by service and command, transactions, and processor milliseconds by program."""
        by_service = {
            service: {command: round(n / count, 2) for command, n in sorted(own.items()) if n / count >= 0.005}
            for service, own in self.statements.items()
        }
        totals = {service: sum(own.values()) / count for service, own in self.statements.items()}
        cpu = {name: round(1000 * seconds / count, 2) for name, seconds in self.cpu.items() if name != LOAD}
        return {
            "statements": round(sum(totals.values()), 2),
            "transactions": round(sum(own.get("commitTransaction", 0) for own in self.statements.values()) / count, 2),
            "cpu_ms": round(sum(cpu.values()), 2),
            "statements_by_service": {service: round(n, 2) for service, n in totals.items() if n >= 0.005},
            "commands_by_service": {service: own for service, own in by_service.items() if own},
            "cpu_ms_by_program": {
                name: ms for name, ms in sorted(cpu.items(), key=lambda one: -one[1]) if abs(ms) >= 0.01
            },
        }


def _less(own: Mapping[str, float], other: Mapping[str, float], times: float) -> dict[str, float]:
    return {name: value - times * other.get(name, 0.0) for name, value in own.items()}


def cpu_seconds(processes: Mapping[str, int]) -> dict[str, float]:
    """Processor seconds of programs by name, given their process ids; of this process too."""
    found = {LOAD: psutil.Process()} | {name: psutil.Process(pid) for name, pid in processes.items()}
    return {name: sum(process.cpu_times()[:2]) for name, process in found.items()}


def look(processes: Mapping[str, int], pages: Mapping[str, str]) -> Usage:
    """What has been used up to now; `pages` are the services' metrics."""
    statements: dict[str, dict[str, float]] = {
        service: dict(counted(page, STATEMENTS, "command")) for service, page in pages.items()
    }
    return Usage(time.monotonic(), cpu_seconds(processes), statements)


def counted(page: str, name: str, label: str) -> Counter[str]:
    """The values of one counter on a page of metrics, by one label."""
    found: Counter[str] = Counter()
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            if sample.name == name:
                found[sample.labels[label]] += int(sample.value)
    return found
