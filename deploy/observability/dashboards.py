"""Grafana's dashboards, one for the system and one for each service: `python -m deploy.observability.dashboards` writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from deploy.observability.figures import SERVICES, Figure, figures
from deploy.observability.panels import CHASSIS, OWN, Panel, Rows

FOLDER = Path(__file__).parent / "grafana" / "dashboards"
SOURCE = {"type": "prometheus", "uid": "prometheus"}
"""The data source that `grafana/provisioning` declares."""
WIDTH, HEIGHT, COLUMNS = 8, 8, 24

Json = dict[str, Any]


def dashboards() -> dict[str, Json]:
    """Every dashboard by the name of its file."""
    known = figures()
    own = {f"{service}: {title}": row for service, rows in OWN.items() for title, row in rows.items()}
    found = {"system": _dashboard("system", "Xindun 新盾", None, CHASSIS | own, known)}
    for service in SERVICES:
        rows = OWN.get(service, {}) | CHASSIS
        found[service] = _dashboard(service, f"Xindun {service}", service, rows, known)
    return found


def text(dashboard: Json) -> str:
    """A dashboard as its file has it."""
    return json.dumps(dashboard, ensure_ascii=False, indent=1) + "\n"


def queries(dashboard: Json) -> list[str]:
    """What a dashboard asks of Prometheus."""
    return [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]


def _dashboard(uid: str, title: str, service: str | None, rows: Rows, known: dict[str, Figure]) -> Json:
    panels, top = _overview(service), HEIGHT
    for row, of_row in rows.items():
        panels.append(
            {"type": "row", "title": row, "collapsed": False, "gridPos": _place(0, top, COLUMNS, 1), "panels": []}
        )
        top += 1
        for number, panel in enumerate(of_row):
            down, across = divmod(number, COLUMNS // WIDTH)
            place = _place(across * WIDTH, top + down * HEIGHT)
            panels.append(_panel(panel, known[panel.figure], service, place))
        top += -(-len(of_row) // (COLUMNS // WIDTH)) * HEIGHT
    for number, made in enumerate(panels, 1):
        made["id"] = number
    return {
        "uid": f"xindun-{uid}",
        "title": title,
        "tags": ["xindun"],
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "Asia/Shanghai",
        "templating": {"list": []},
        "annotations": {"list": []},
        "links": [{"type": "dashboards", "title": "Xindun", "tags": ["xindun"], "asDropdown": True, "keepTime": True}],
        "panels": panels,
    }


def _overview(service: str | None) -> list[Json]:
    """What comes first: which alerts fire, which processes answer, and what they use."""
    of = f'{{service="{service}"}}' if service else '{service!=""}'
    firing = f'ALERTS{{alertstate="firing", service="{service}"}}' if service else 'ALERTS{alertstate="firing"}'
    alerts = _graph("Alerts that fire", f"sum by (alertname, severity) ({firing})", "{{alertname}} {{severity}}")
    alerts["description"] = (
        "What each alert means and what to do stands in the runbook, deploy/observability/runbook.md."
    )
    processes = _graph("Processes that answer", f"sum by (service, role) (up{of})", "{{service}} {{role}}")
    memory = f"sum by (service, role) (process_resident_memory_bytes{of})"
    return [
        alerts | {"gridPos": _place(0, 0)},
        processes | {"gridPos": _place(WIDTH, 0)},
        _graph("Memory", memory, "{{service}} {{role}}", "bytes") | {"gridPos": _place(2 * WIDTH, 0)},
    ]


def _panel(panel: Panel, figure: Figure, service: str | None, place: Json) -> Json:
    asked = panel.queries(figure, service)
    made = _graph(panel.title, *asked[0], panel.unit)
    made["targets"] = [_target(chr(ord("A") + number), *one) for number, one in enumerate(asked)]
    return made | {"description": figure.meaning, "gridPos": place}


def _graph(title: str, query: str, legend: str, unit: str = "short") -> Json:
    return {
        "type": "timeseries",
        "title": title,
        "datasource": SOURCE,
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "options": {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        "targets": [_target("A", query, legend)],
    }


def _target(name: str, query: str, legend: str) -> Json:
    return {"refId": name, "datasource": SOURCE, "expr": query, "legendFormat": legend}


def _place(x: int, y: int, width: int = WIDTH, height: int = HEIGHT) -> Json:
    return {"x": x, "y": y, "w": width, "h": height}


def write() -> None:
    """Write every dashboard, and take away those that are no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = dashboards()
    for old in FOLDER.glob("*.json"):
        if old.stem not in made:
            old.unlink()
    for name, dashboard in made.items():
        (FOLDER / f"{name}.json").write_text(text(dashboard), encoding="utf-8")


if __name__ == "__main__":
    write()
