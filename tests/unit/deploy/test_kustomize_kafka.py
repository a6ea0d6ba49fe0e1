"""What the users of Kafka may do on Kubernetes is what the services' code does, and nothing more."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from typing import Any

import pytest

from deploy.kustomize import kafka
from shared.contracts import catalogue, topics
from shared.messaging.broker import dead_topic
from tests.unit.deploy.kubernetes import BASE, KUSTOMIZE, OVERLAYS, documents, environment
from tests.unit.project.code import SERVICES, modules, service

STRIMZI = KUSTOMIZE / "components" / "strimzi"
USERS = {row["metadata"]["name"]: row["spec"] for row in documents(STRIMZI / "users.yaml")}
GROUPS = [group for name in SERVICES for group in service(name).groups]
DEAD = {dead_topic(group).name for group in GROUPS}
ONE = pytest.mark.parametrize("name", SERVICES)


def allowed(user: str, operation: str, kind: str = "topic") -> set[str]:
    """The names for which a user may do this, as its rules say them."""
    rules: list[dict[str, Any]] = USERS[user]["authorization"]["acls"]
    return {
        rule["resource"]["name"]
        for rule in rules
        if rule["resource"]["type"] == kind and operation in rule["operations"]
    }


def dead(name: str) -> set[str]:
    return {dead_topic(group).name for group in service(name).groups}


def made(name: str) -> set[str]:
    """The topics of the events that the code of a service makes."""
    facts = defaultdict(set)
    for fact in catalogue.values():
        if fact.TYPE.split(".")[2] == name:
            facts[fact.__name__].add(fact.TOPIC.name)
    calls = [
        node.func
        for tree in modules(f"services/{name}").values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]
    named = {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}
    return {topic for fact in named & set(facts) for topic in facts[fact]}


def test_the_files_are_what_the_code_declares() -> None:
    """Else run `python -m deploy.kustomize.kafka`."""
    for path, text in kafka.files().items():
        assert path.read_text("utf-8") == text, path.name


def test_every_topic_is_made_as_a_service_would_make_it() -> None:
    rows = {row["metadata"]["name"]: row["spec"] for row in documents(STRIMZI / "topics.yaml")}
    assert set(rows) == {topic.name for topic in topics()} | DEAD
    assert {rows[name]["partitions"] for name in DEAD} == {1}
    for topic in topics():
        assert rows[topic.name]["partitions"] == topic.partitions
        assert rows[topic.name]["config"]["retention.ms"] == str(topic.retention_days * 86_400_000)
        assert rows[topic.name]["config"]["min.insync.replicas"] == "2"


@ONE
def test_a_service_reads_what_it_consumes_and_no_more(name: str) -> None:
    consumed = {fact.TOPIC.name for consumer in service(name).consumers for fact in consumer.facts}
    assert allowed(f"{name}-kafka", "Read") == consumed | dead(name)
    assert allowed(f"{name}-kafka", "Describe") == {"*"}


@ONE
def test_a_service_writes_what_it_makes(name: str) -> None:
    written = allowed(f"{name}-kafka", "Write")
    assert made(name)
    assert made(name) | dead(name) <= written


def test_the_registry_writes_what_platforms_push() -> None:
    pushed = {fact.TOPIC.name for fact in catalogue.values() if fact.TYPE.startswith("cn.deyang.platform.")}
    assert pushed
    assert pushed <= allowed("registry-kafka", "Write")


def test_each_topic_is_written_by_one_service() -> None:
    writers = Counter(topic for name in SERVICES for topic in allowed(f"{name}-kafka", "Write"))
    assert writers == dict.fromkeys([*(topic.name for topic in topics()), *DEAD], 1)


@ONE
def test_a_service_joins_its_own_groups_alone(name: str) -> None:
    rules = [rule for rule in USERS[f"{name}-kafka"]["authorization"]["acls"] if rule["resource"]["type"] == "group"]
    assert [rule["resource"] for rule in rules] == [{"type": "group", "name": f"{name}.", "patternType": "prefix"}]
    assert [rule["operations"] for rule in rules] == [["Read"]]
    assert [group for group in GROUPS if group.startswith(f"{name}.")] == service(name).groups


def test_the_operator_sends_back_what_any_service_reads() -> None:
    read = {fact.TOPIC.name for name in SERVICES for consumer in service(name).consumers for fact in consumer.facts}
    assert allowed("xindun-operator", "Write") == read
    assert allowed("xindun-operator", "Read") == DEAD
    assert allowed("xindun-operator", "Read", "group") == set()


def test_each_user_is_somebodys() -> None:
    job = documents(BASE / "service" / "resend.yaml")[0]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    operator = [row["value"] for row in job["containers"][0]["env"] if row["name"] == "KAFKA_SASL_USERNAME"]
    own = {environment(overlay, name)["KAFKA_SASL_USERNAME"] for overlay in OVERLAYS for name in SERVICES}
    assert set(USERS) == own | set(operator)
