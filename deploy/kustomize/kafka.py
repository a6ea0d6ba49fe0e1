"""The topics and users of Kafka, as the services' code has them, written to `components/strimzi`.

`python -m deploy.kustomize.kafka` writes `topics.yaml` and `users.yaml`; a test fails where they are not up to date.
"""

from __future__ import annotations

from collections import defaultdict
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from shared.contracts import catalogue, topics
from shared.contracts.base import Topic
from shared.messaging.broker import dead_topic, new_topic
from shared.service import Service
from shared.settings import KafkaSettings

DIRECTORY = Path(__file__).with_name("components") / "strimzi"
SERVICES = ("complaints", "insurance", "notifier", "registry", "subsidies")
REPLICAS = 3
OPERATOR = "xindun-operator"
"""Who sends dead letters again: to topics that the service which could not take them only reads."""

GATEWAY = "platform"
"""The producer in the types of the events that platforms push, which the registry publishes."""

Operations = dict[str, set[str]]
"""What may be done to a topic, by its name."""


def service(name: str) -> Service:
    found: Service = import_module(f"services.{name}.app").service
    return found


def user_name(name: str) -> str:
    """The user of a service, and the secret in which its password is."""
    return f"{name}-kafka"


def all_topics() -> list[Topic]:
    """Every topic of the contracts, and each group's for its dead letters."""
    dead = [dead_topic(group) for name in SERVICES for group in service(name).groups]
    return sorted([*topics(), *dead], key=lambda topic: topic.name)


def read_by(name: str) -> set[str]:
    """The topics that a service consumes."""
    return {fact.TOPIC.name for consumer in service(name).consumers for fact in consumer.facts}


def written_by(name: str) -> set[str]:
    """The topics of the events whose type names the service as their producer."""
    own = {name, GATEWAY} if name == "registry" else {name}
    return {fact.TOPIC.name for kind, fact in catalogue.items() if kind.split(".")[2] in own}


def operations_of(name: str) -> Operations:
    """What a service may do: read what it consumes, write what it publishes, both with its own dead letters."""
    operations: Operations = defaultdict(set)
    dead = {dead_topic(group).name for group in service(name).groups}
    for topic in read_by(name) | dead:
        operations[topic].add("Read")
    for topic in written_by(name) | dead:
        operations[topic].add("Write")
    return operations


def operator_operations() -> Operations:
    """Read every dead letter, and write it to wherever it came from."""
    operations: Operations = {dead_topic(group).name: {"Read"} for name in SERVICES for group in service(name).groups}
    for name in SERVICES:
        for topic in read_by(name):
            operations[topic] = {"Write"}
    return operations


def topic_resources() -> list[dict[str, Any]]:
    return [_topic(topic) for topic in all_topics()]


def user_resources() -> list[dict[str, Any]]:
    services = [_user(user_name(name), operations_of(name), groups=f"{name}.") for name in SERVICES]
    return [*services, _user(OPERATOR, operator_operations())]


def _topic(topic: Topic) -> dict[str, Any]:
    made = new_topic(topic, KafkaSettings(bootstrap="", replication=REPLICAS))
    spec = {"partitions": made.num_partitions, "replicas": made.replication_factor, "config": made.topic_configs}
    return _resource("KafkaTopic", topic.name, spec)


def _user(name: str, operations: Operations, groups: str | None = None) -> dict[str, Any]:
    # every process looks which topics there are, and how far they reach
    acls = [_rule("topic", "*", {"Describe"})]
    acls += [_rule("topic", topic, operations[topic]) for topic in sorted(operations)]
    if groups is not None:
        acls.append(_rule("group", groups, {"Read"}, pattern="prefix"))
    spec = {"authentication": {"type": "scram-sha-512"}, "authorization": {"type": "simple", "acls": acls}}
    return _resource("KafkaUser", name, spec)


def _rule(kind: str, name: str, operations: set[str], pattern: str = "literal") -> dict[str, Any]:
    return {"resource": {"type": kind, "name": name, "patternType": pattern}, "operations": sorted(operations)}


def _resource(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": name, "labels": {"strimzi.io/cluster": "xindun"}}
    return {"apiVersion": "kafka.strimzi.io/v1", "kind": kind, "metadata": metadata, "spec": spec}


def files() -> dict[Path, str]:
    """What each file is to hold."""
    head = "# Made by `python -m deploy.kustomize.kafka` from what the services' code declares. Not to be edited.\n"
    made = {"topics.yaml": topic_resources(), "users.yaml": user_resources()}
    return {DIRECTORY / name: head + yaml.safe_dump_all(rows, sort_keys=False) for name, rows in made.items()}


def main() -> None:
    for path, text in files().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
