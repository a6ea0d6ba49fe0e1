"""What runs."""

from __future__ import annotations

from dataclasses import dataclass

from aiokafka import AIOKafkaProducer

from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Running:
    """What a started service has: given to its start-up steps and background loops."""

    settings: Settings
    producer: AIOKafkaProducer
