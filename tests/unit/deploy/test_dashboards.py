"""Every figure has a panel, and every panel a figure; the files are as the code writes them."""

from __future__ import annotations

from deploy.observability import dashboards
from deploy.observability.figures import SERVICES, figures
from deploy.observability.panels import CHASSIS, OWN, Panel
from tests.unit.deploy.promql import asked_of

KNOWN = figures()


def panels() -> list[Panel]:
    return [panel for rows in (CHASSIS, *OWN.values()) for row in rows.values() for panel in row]


def test_every_figure_has_a_panel_for_the_system() -> None:
    assert KNOWN
    shown = set(asked_of(dashboards.queries(dashboards.dashboards()["system"])))
    assert {name for name, figure in KNOWN.items() if not shown & set(figure.series)} == set()


def test_every_figure_has_a_panel_for_its_service() -> None:
    made = dashboards.dashboards()
    for service in SERVICES:
        shown = set(asked_of(dashboards.queries(made[service])))
        own = {name: figure for name, figure in KNOWN.items() if figure.service in (None, service)}
        assert {name for name, figure in own.items() if not shown & set(figure.series)} == set(), service


def test_every_panel_shows_its_figure_by_labels_it_has() -> None:
    wrong = {
        (panel.figure, label)
        for panel in panels()
        for label in (*panel.by, None)
        if panel.figure not in KNOWN or (label is not None and label not in KNOWN[panel.figure].labels)
    }
    assert wrong == set()


def test_a_service_dashboard_asks_of_that_service_alone() -> None:
    made = dashboards.dashboards()
    for service in SERVICES:
        asked = dashboards.queries(made[service])
        assert [query for query in asked if f'service="{service}"' not in query] == []


def test_the_dashboards_are_as_they_would_be_written_now() -> None:
    kept = {file.stem: file.read_text(encoding="utf-8") for file in dashboards.FOLDER.glob("*.json")}
    made = {name: dashboards.text(one) for name, one in dashboards.dashboards().items()}
    assert sorted(kept) == sorted(made)
    assert [name for name in made if kept[name] != made[name]] == [], "make dashboards"


def test_panels_do_not_lie_on_each_other() -> None:
    for name, dashboard in dashboards.dashboards().items():
        taken: set[tuple[int, int]] = set()
        for place in (panel["gridPos"] for panel in dashboard["panels"]):
            covered = {
                (place["x"] + across, place["y"] + down) for across in range(place["w"]) for down in range(place["h"])
            }
            assert not taken & covered, name
            assert max(x for x, _ in covered) < dashboards.COLUMNS
            taken |= covered


def test_what_one_service_shows_alone_carries_its_name() -> None:
    declared = {
        name: figure.module.split(".")[1] for name, figure in KNOWN.items() if figure.module.startswith("services.")
    }
    assert declared
    assert {name for name, service in declared.items() if KNOWN[name].service != service} == set()
    assert {name for name, figure in KNOWN.items() if figure.service and name not in declared} == set()
