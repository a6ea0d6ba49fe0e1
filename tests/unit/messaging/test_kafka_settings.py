"""How Kafka is reached, as the environment says."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.contracts.base import Topic
from shared.messaging.broker import new_topic
from shared.settings import KafkaSettings, SettingMissing, kafka_from_environment

PLAIN = {"KAFKA_BOOTSTRAP": "kafka.example:9092"}


def test_without_more_words_kafka_is_reached_in_clear() -> None:
    assert kafka_from_environment(PLAIN) == KafkaSettings("kafka.example:9092")


def test_a_sign_in_needs_mechanism_user_and_password_file(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("a-pass-word\n")
    env = PLAIN | {
        "KAFKA_SECURITY": "SASL_SSL",
        "KAFKA_SASL_MECHANISM": "SCRAM-SHA-256",
        "KAFKA_SASL_USERNAME": "xindun",
        "KAFKA_SASL_PASSWORD_FILE": str(password),
    }
    kafka = kafka_from_environment(env)
    assert (kafka.mechanism, kafka.username, kafka.password) == ("SCRAM-SHA-256", "xindun", "a-pass-word")
    for name in env.keys() - {"KAFKA_SECURITY"}:
        with pytest.raises(SettingMissing, match=name):
            kafka_from_environment({key: value for key, value in env.items() if key != name})


def test_what_no_kafka_knows_is_refused() -> None:
    with pytest.raises(SettingMissing, match="KAFKA_SECURITY can be PLAINTEXT"):
        kafka_from_environment(PLAIN | {"KAFKA_SECURITY": "TLS"})


def test_a_record_counts_as_taken_once_two_of_three_have_it() -> None:
    """Two of three replicas."""
    topic = Topic("test.topic", partitions=3)
    three, one = KafkaSettings("kafka.example:9092", replication=3), KafkaSettings("kafka.example:9092")
    assert new_topic(topic, three).topic_configs["min.insync.replicas"] == "2"
    assert "min.insync.replicas" not in new_topic(topic, one).topic_configs


def test_a_topic_has_what_it_declares_unless_capped() -> None:
    topic = Topic("test.topic", partitions=3)
    made = {
        most: new_topic(topic, kafka_from_environment(PLAIN | {"KAFKA_MOST_PARTITIONS": most})).num_partitions
        for most in ("", "1", "2", "9")
    }
    assert made == {"": 3, "1": 1, "2": 2, "9": 3}
