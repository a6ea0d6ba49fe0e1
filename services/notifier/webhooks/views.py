"""Webhooks as HTTP shows them."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel, Field

from services.notifier.webhooks import rules
from services.notifier.webhooks.documents import Attempt, Endpoint, Replay


class WebhookView(BaseModel):
    """A webhook. `pending`: its challenge is not answered yet; `fault` says why it was switched off, if not by its platform."""

    id: str
    url: str
    types: list[str] | None = Field(description="The events that go there; null: all that ever may.")
    state: rules.State
    fault: rules.Fault | None
    rests_until: dt.datetime | None = Field(
        description="Nothing is sent before, as its server asked or since it is away."
    )
    old_secret_until: dt.datetime | None = Field(
        description="Until when the secret before the rotation is signed with too."
    )
    created_at: dt.datetime

    @classmethod
    def of(cls, endpoint: Endpoint) -> Self:
        return cls(**_fields(endpoint))


class WebhookWithSecret(WebhookView):
    """A webhook with the secret that it is signed with, which is shown this once."""

    secret: str = Field(description="`whsec_` and base64, as Standard Webhooks has it.")

    @classmethod
    def with_secret(cls, endpoint: Endpoint, secret: str) -> Self:
        return cls(**_fields(endpoint), secret=secret)


class AttemptView(BaseModel):
    """One try. `status` is null where there was no answer; `reason` says how the try ended."""

    event_id: str
    type: str
    at: dt.datetime
    duration_ms: int
    status: int | None
    reason: rules.Outcome
    replayed: bool

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        return cls(
            event_id=attempt.event_id,
            type=attempt.type,
            at=attempt.created_at,
            duration_ms=attempt.milliseconds,
            status=attempt.status,
            reason=attempt.outcome,
            replayed=attempt.replayed,
        )


class ReplayView(BaseModel):
    """How many events are sent again."""

    events: int

    @classmethod
    def of(cls, replay: Replay) -> Self:
        return cls(events=len(replay.messages))


def _fields(endpoint: Endpoint) -> dict[str, object]:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "types": endpoint.types,
        "state": endpoint.state,
        "fault": endpoint.fault,
        "rests_until": endpoint.rests_until,
        "old_secret_until": endpoint.old_until,
        "created_at": endpoint.created_at,
    }
