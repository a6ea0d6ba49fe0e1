"""How pods run on Kubernetes: with no more rights than they need, and not restarted for a fault of others."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from deploy.kustomize import references
from tests.unit.deploy.kubernetes import (
    BASE,
    KUSTOMIZE,
    OVERLAYS,
    SECRETS,
    components,
    documents,
    kustomization,
    mounted,
)
from tests.unit.project.code import SERVICES, service

POD = documents(BASE / "service" / "pod.yaml")[0]["spec"]["template"]["spec"]
RESEND = documents(BASE / "service" / "resend.yaml")[0]["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def deployment(role: str) -> dict[str, Any]:
    return next(row for row in documents(BASE / "service" / f"{role}.yaml") if row["kind"] == "Deployment")


@pytest.mark.parametrize("pod", [POD, RESEND], ids=["every", "resend"])
def test_a_pod_has_no_right_that_it_can_do_without(pod: dict[str, Any]) -> None:
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert (pod["securityContext"]["runAsUser"], pod["securityContext"]["runAsGroup"]) == (10001, 10001)
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    container = pod["containers"][0]["securityContext"]
    assert container == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_what_is_sent_again_is_sent_as_a_service_would() -> None:
    """But for the operator's password."""

    def files(pod: dict[str, Any]) -> set[str]:
        sources = pod["volumes"][0]["projected"]["sources"]
        return {item["path"] for source in sources for given in source.values() for item in given["items"]}

    assert files(RESEND) == files(POD)
    assert RESEND["containers"][0]["envFrom"] == POD["containers"][0]["envFrom"]


@pytest.mark.parametrize("role", ["api", "worker"])
def test_no_fault_of_a_server_restarts_a_process(role: str) -> None:
    container = deployment(role)["spec"]["template"]["spec"]["containers"][0]
    paths = {kind: container[kind]["httpGet"]["path"] for kind in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert paths == {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
    assert container["args"] == ["services.NAME", "--role", role]


def test_a_secret_is_mounted_only_where_it_is_used() -> None:
    holders = {
        file: {name for name in SERVICES if file in mounted(name)} for name in SERVICES for file in mounted(name)
    }
    few = {file.removeprefix(SECRETS): names for file, names in holders.items() if names != set(SERVICES)}
    assert few == {
        "provincial-secret": {"insurance"},
        "tax-office-secret": {"insurance"},
        "training-platform-secret": {"subsidies"},
        "sms-access-key-secret": {"notifier"},
        "tencent-sms-secret-key": {"notifier"},
        "tencent-sms-receipt-token": {"notifier"},
        "tencent-sms-templates": {"notifier"},
        "push-secret": {"notifier"},
        "receipt-secret": {"notifier"},
        "smtp-password": {"notifier"},
    }


def test_no_more_workers_are_made_than_find_partitions() -> None:
    rows = {
        row["metadata"]["name"]: row["spec"] for row in documents(KUSTOMIZE / "components" / "keda" / "workers.yaml")
    }
    assert set(rows) == {f"{name}-worker" for name in SERVICES}
    for name in SERVICES:
        most = max(fact.TOPIC.partitions for consumer in service(name).consumers for fact in consumer.facts)
        spec = rows[f"{name}-worker"]
        assert spec["scaleTargetRef"] == {"name": f"{name}-worker"}
        assert spec["maxReplicaCount"] <= most
        query = spec["triggers"][0]["metadata"]["query"]
        assert query == f'sum(xindun_consumer_lag{{group=~"{name}\\\\..+"}})'


def test_a_service_reaches_its_own_database_alone() -> None:
    users = documents(KUSTOMIZE / "components" / "mongodb" / "mongo.yaml")[0]["spec"]["users"]
    assert {user["name"] for user in users} == set(SERVICES)
    for user in users:
        name = user["name"]
        assert user["roles"] == [{"name": "readWrite", "db": name}, {"name": "dbAdmin", "db": name}]
        assert user["connectionStringSecretName"] == f"{name}-mongo"


def test_every_component_is_in_an_overlay() -> None:
    """Since only overlays are rendered and held against the schemas."""
    used = {component for overlay in OVERLAYS for component in components(overlay)}
    assert used == set((KUSTOMIZE / "components").iterdir())


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_a_folder_of_its_own_name(name: str) -> None:
    spec = kustomization(BASE / name)
    assert name in kustomization(BASE)["resources"]
    assert spec["namePrefix"] == f"{name}-"
    assert spec["labels"][0]["pairs"] == {"app.kubernetes.io/name": name}


SOUND = """
{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  selector: {matchLabels: {app.kubernetes.io/part-of: xindun}}
  template:
    metadata: {labels: {app.kubernetes.io/part-of: xindun, app.kubernetes.io/component: api}}
    spec: {serviceAccountName: a, containers: [{envFrom: [{configMapRef: {name: c}}]}]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: h}
spec: {scaleTargetRef: {kind: Deployment, name: d}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: n}
spec:
  podSelector:
    matchLabels: {app.kubernetes.io/part-of: xindun}
    matchExpressions: [{key: app.kubernetes.io/component, operator: In, values: [api]}]
"""


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("metadata: {name: a}", "metadata: {name: other}", "Deployment d names ServiceAccount a"),
        ("metadata: {name: c}", "metadata: {name: other}", "Deployment d names ConfigMap c"),
        ("kind: Deployment, name: d", "kind: Deployment, name: e", "HorizontalPodAutoscaler h names Deployment e"),
        ("values: [api]", "values: [worker]", "NetworkPolicy n selects no pod"),
    ],
)
def test_a_name_or_selector_that_finds_nothing_is_a_fault(right: str, wrong: str, fault: str) -> None:
    assert references.faults(list(yaml.safe_load_all(SOUND))) == []
    assert right in SOUND
    (found,) = references.faults(list(yaml.safe_load_all(SOUND.replace(right, wrong))))
    assert found.startswith(fault)
