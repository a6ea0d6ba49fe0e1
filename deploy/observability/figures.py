"""Every figure that a process of any service can show: its name, its labels and what it means, as the code declares them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Literal, cast

from prometheus_client.metrics import MetricWrapperBase

SERVICES = ("registry", "insurance", "complaints", "subsidies", "notifier")
ROLES = ("api", "worker")

Kind = Literal["counter", "gauge", "histogram"]
SERIES: dict[Kind, tuple[str, ...]] = {
    "counter": ("",),
    "gauge": ("",),
    "histogram": ("_bucket", "_count", "_sum"),
}
"""What follows a figure's name in those of its series."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure by the name that it is asked for; `module` declares it."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    meaning: str
    module: str

    @property
    def service(self) -> str | None:
        """The service that alone shows it; None for a figure of every service."""
        return next((one for one in SERVICES if self.name.startswith(f"xindun_{one}_")), None)

    @property
    def series(self) -> tuple[str, ...]:
        return tuple(self.name + ending for ending in SERIES[self.kind])


def figures() -> dict[str, Figure]:
    """All figures by name."""
    for service in SERVICES:
        import_module(f"services.{service}.app")
    found: dict[str, Figure] = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith(("shared.", "services.")):
            for value in vars(module).values():
                if isinstance(value, MetricWrapperBase):
                    figure = _figure(value, name)
                    found[figure.name] = figure
    return found


def _figure(metric: MetricWrapperBase, module: str) -> Figure:
    (said,) = metric.describe()
    name = f"{said.name}_total" if said.type == "counter" else said.name
    return Figure(name, cast(Kind, said.type), tuple(metric._labelnames), said.documentation, module)
