"""Alerts ask for what there is, each has its page in the runbook and its tests; what they mean is promtool's to test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import Histogram

from deploy.observability import figures as listed
from deploy.observability.figures import ROLES, SERVICES
from services.notifier.deliveries.giving import HAND_OVER
from shared.contracts import catalogue
from tests.unit.deploy.promql import groupings, selections

FOLDER = Path(listed.__file__).parent
TARGET = {"service", "role", "instance", "job"}
"""The labels that the scraper gives to every series."""
MISSED = re.compile(r"[._](missed|missing|overdue)[.]v1$")
PAGE = re.compile(r"^## (\w+)$", re.MULTILINE)
PARTS = ("**Means** ", "**Look at** ", "**Do** ")


def read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


RULES: list[dict[str, Any]] = [rule for group in read("rules.yaml")["groups"] for rule in group["rules"]]
ALERTS = [rule for rule in RULES if "alert" in rule]
RECORDED = {rule["record"]: rule["expr"] for rule in RULES if "record" in rule}
SERIES = {series: figure for figure in listed.figures().values() for series in figure.series}


def labels_of(series: str) -> set[str]:
    """The labels that a series has, or one that a rule records from others."""
    if series in RECORDED:
        return set.union(*(labels_of(name) for name, _ in selections(RECORDED[series])))
    return {*SERIES[series].labels, *TARGET} | ({"le"} if series.endswith("_bucket") else set())


def test_rules_ask_for_figures_and_labels_that_there_are() -> None:
    for rule in RULES:
        asked = list(selections(rule["expr"]))
        unknown = {name for name, _ in asked} - set(SERIES) - set(RECORDED)
        assert unknown == set(), rule
        labels = TARGET.union(*(labels_of(name) for name, _ in asked))
        assert groupings(rule["expr"]) <= labels, rule
        assert [label for name, of in asked for label in of if label not in labels_of(name)] == [], rule


def test_what_an_alert_says_names_labels_that_it_has() -> None:
    for alert in ALERTS:
        named = set(re.findall(r"\$labels\.(\w+)", alert["annotations"]["summary"]))
        grouped = groupings(alert["expr"])
        assert named <= (grouped or TARGET), alert["alert"]


def test_every_missed_deadline_or_duty_is_in_one_alert() -> None:
    told = {kind for kind, fact in catalogue.items() if not fact.__module__.endswith(".retired")}
    missed = {kind for kind in told if MISSED.search(kind)}
    patterns = [of["type"] for expr in RECORDED.values() for _, of in selections(expr)]
    assert missed
    assert patterns
    for kind in told:
        assert sum(bool(re.fullmatch(pattern, kind)) for pattern in patterns) == (kind in missed), kind


def test_the_share_of_messages_asks_for_a_bucket_that_there_is() -> None:
    assert isinstance(HAND_OVER, Histogram)
    buckets = {
        sample.labels["le"] for metric in HAND_OVER.collect() for sample in metric.samples if "le" in sample.labels
    }
    asked = {of["le"] for rule in RULES for _, of in selections(rule["expr"]) if "le" in of}
    assert asked
    assert asked <= buckets


def test_every_alert_has_a_page_and_every_page_an_alert() -> None:
    text = (FOLDER / "runbook.md").read_text(encoding="utf-8")
    pages = PAGE.findall(text)
    assert sorted(pages) == sorted(alert["alert"] for alert in ALERTS)
    for alert in ALERTS:
        assert alert["annotations"]["runbook"] == f"runbook.md#{alert['alert'].lower()}"
    for page in PAGE.split(text)[2::2]:
        assert [part for part in PARTS if page.count(f"\n{part}") != 1] == [], page


def test_every_alert_is_tested_both_firing_and_silent() -> None:
    tested = [one for test in read("rules_test.yaml")["tests"] for one in test["alert_rule_test"]]
    names = {alert["alert"] for alert in ALERTS}
    assert {one["alertname"] for one in tested if one["exp_alerts"]} == names
    assert {one["alertname"] for one in tested if not one["exp_alerts"]} == names


def test_every_alert_says_how_urgent_it_is() -> None:
    assert {alert["labels"]["severity"] for alert in ALERTS} == {"critical", "warning", "info"}


def test_every_role_of_every_service_is_scraped_and_missed() -> None:
    [job] = read("prometheus.yaml")["scrape_configs"]
    [found] = job["dns_sd_configs"]
    wanted = {(service, role) for service in SERVICES for role in ROLES}
    relabelled = {one["target_label"]: (one["regex"], int(one["replacement"][1:])) for one in job["relabel_configs"]}
    labels = {
        name: {label: re.fullmatch(regex, name)[group] for label, (regex, group) in relabelled.items()}  # type: ignore[index]
        for name in found["names"]
    }
    assert {(of["service"], of["role"]) for of in labels.values()} == wanted
    assert set(found["names"]) == {f"{service}-{role}" for service, role in wanted}
    [missing] = [alert["expr"] for alert in ALERTS if alert["alert"] == "RoleMissing"]
    assert set(re.findall(r'absent\(up\{service="(\w+)", role="(\w+)"\}\)', missing)) == set(wanted)
