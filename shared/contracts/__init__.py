"""The published language: one module per producer, every event type with its topic, key and schema."""

from shared.contracts import complaints, insurance, notifier, platform, registry, subsidies
from shared.contracts.base import CloudEvent, Fact, Topic, catalogue, event, json_schema, money, yuan

__all__ = [
    "CloudEvent",
    "Fact",
    "Topic",
    "catalogue",
    "complaints",
    "event",
    "insurance",
    "json_schema",
    "money",
    "notifier",
    "platform",
    "registry",
    "subsidies",
    "topics",
    "yuan",
]


def topics() -> list[Topic]:
    """Every topic of the system, in the order of its name."""
    return sorted({fact.TOPIC for fact in catalogue.values()}, key=lambda topic: topic.name)
