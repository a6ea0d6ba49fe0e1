"""What the resources of one overlay say of each other: each name and each selector finds something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Resource = dict[str, Any]

OURS = {"app.kubernetes.io/part-of": "xindun"}


def faults(resources: Sequence[Resource]) -> list[str]:
    """Every config map, account and target that is named and is not there, and every selector of ours that selects nothing."""
    there = {(row["kind"], row["metadata"]["name"]) for row in resources}
    pods = [pod for row in resources for pod in _pods(row)]
    missing = [
        f"{name(row)} names {kind} {named}, which is not there"
        for row in resources
        for kind, named in _named(row)
        if (kind, named) not in there
    ]
    idle = [
        f"{name(row)} selects no pod: {selector}"
        for row in resources
        for selector in _selectors(row)
        if OURS.items() <= selector.get("matchLabels", {}).items()
        and not any(_selects(selector, pod["metadata"]["labels"]) for pod in pods)
    ]
    return missing + idle


def name(resource: Resource) -> str:
    return f"{resource['kind']} {resource['metadata']['name']}"


def _pods(row: Resource) -> list[Resource]:
    spec = row.get("spec", {})
    template = spec.get("jobTemplate", {}).get("spec", spec).get("template", {})
    return [template] if "containers" in template.get("spec", {}) else []


def _named(row: Resource) -> Iterator[tuple[str, str]]:
    for pod in _pods(row):
        spec = pod["spec"]
        yield "ServiceAccount", spec["serviceAccountName"]
        for container in spec["containers"]:
            for source in container["envFrom"]:
                yield "ConfigMap", source["configMapRef"]["name"]
    target = row.get("spec", {}).get("scaleTargetRef")
    if target:
        yield target.get("kind", "Deployment"), target["name"]


def _selectors(row: Resource) -> Iterator[Resource]:
    spec = row.get("spec", {})
    if row["kind"] == "Service":
        yield {"matchLabels": spec["selector"]}
    elif row["kind"] in ("Deployment", "PodDisruptionBudget", "PodMonitor"):
        yield spec["selector"]
    elif row["kind"] == "NetworkPolicy":
        yield spec["podSelector"]
    for pod in _pods(row):
        for constraint in pod["spec"].get("topologySpreadConstraints", []):
            yield constraint["labelSelector"]


def _selects(selector: Resource, labels: dict[str, str]) -> bool:
    wanted = selector.get("matchLabels", {}).items() <= labels.items()
    return wanted and all(
        labels.get(rule["key"]) in rule["values"]
        for rule in selector.get("matchExpressions", [])
        if rule["operator"] == "In"
    )
