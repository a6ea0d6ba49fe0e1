"""A platform's webhooks over HTTP; each platform sees its own alone."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, model_validator

from services.notifier.webhooks import commands, replays
from services.notifier.webhooks.documents import Attempt, Endpoint
from services.notifier.webhooks.views import AttemptView, ReplayView, WebhookView, WebhookWithSecret
from shared.callers import Caller
from shared.storage.transaction import transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import Instant
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import callers, reach

creating = APIRouter(prefix="/v1", tags=["webhooks 事件推送"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["webhooks 事件推送"])

Platform = Annotated[Caller, callers("platform")]


class WebhookSaid(BaseModel):
    """Where events go, and which."""

    url: str = Field(min_length=1, max_length=500, description="HTTPS, on the open internet, without user or fragment.")
    types: Annotated[list[str], Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="Event types as `/v1/events` lists them; null: all that go to platforms."
    )


class ReplayAsked(BaseModel):
    """Which events are to be sent again: one by its id, or those that happened from `since` on and before `until`."""

    event_id: str | None = Field(default=None, min_length=1, max_length=128)
    since: Instant | None = None
    until: Instant | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> ReplayAsked:
        by_time = self.since is not None and self.until is not None
        if (self.event_id is None) is not by_time or (self.since is None) is not (self.until is None):
            raise ValueError("either event_id, or since and until")
        return self


@creating.post("/webhooks", status_code=201)
async def register_webhook(body: WebhookSaid, caller: Platform, response: Response) -> WebhookWithSecret:
    """Register an address for events. It is used as soon as it has answered a signed `webhook.challenge` with 2xx and
    `{"token": …}`, the token of the challenge's data. The secret is shown this once."""
    endpoint, secret = await transact(lambda tx: commands.register(_own(caller), body.url, body.types, tx))
    response.headers["Location"] = f"/v1/webhooks/{endpoint.id}"
    set_etag(response, endpoint.revision)
    return WebhookWithSecret.with_secret(endpoint, secret)


@router.get("/webhooks")
async def list_webhooks(caller: Platform, page: PageAsked) -> Page[WebhookView]:
    """The platform's webhooks."""
    return await Page.of(Endpoint, reach(caller, platform="platform"), WebhookView.of, page)


@router.get("/webhooks/{webhook_id}")
async def read_webhook(webhook_id: str, caller: Platform, response: Response) -> WebhookView:
    """One webhook of the platform's own."""
    return _answered(await commands.of(webhook_id, _own(caller)), response)


@router.put("/webhooks/{webhook_id}")
async def change_webhook(
    webhook_id: str, body: WebhookSaid, caller: Platform, seen: RevisionSeen, response: Response
) -> WebhookView:
    """Say where events go now, and which. A new address is challenged before it is used; what comes meanwhile waits."""
    return _answered(
        await transact(lambda tx: commands.change(webhook_id, _own(caller), body.url, body.types, seen, tx)), response
    )


@router.delete("/webhooks/{webhook_id}", status_code=204)
async def remove_webhook(webhook_id: str, caller: Platform, seen: RevisionSeen) -> None:
    """Remove a webhook with all that waits for it."""
    await transact(lambda tx: commands.remove(webhook_id, _own(caller), seen, tx))


@creating.post("/webhooks/{webhook_id}/challenge", status_code=202)
async def challenge_webhook(webhook_id: str, caller: Platform, response: Response) -> WebhookView:
    """Challenge a webhook, so that one that was switched off is used again; what has waited for it then goes out in order."""
    return _answered(await transact(lambda tx: commands.challenge(webhook_id, _own(caller), tx)), response)


@creating.post("/webhooks/{webhook_id}/suspension")
async def suspend_webhook(webhook_id: str, caller: Platform, response: Response) -> WebhookView:
    """Switch a webhook off. Its events wait for thirty days."""
    return _answered(await transact(lambda tx: commands.switch_off(webhook_id, _own(caller), tx)), response)


@creating.post("/webhooks/{webhook_id}/secret")
async def rotate_secret(webhook_id: str, caller: Platform, response: Response) -> WebhookWithSecret:
    """A new secret, shown this once. For a day everything is signed with the one before too."""
    endpoint, secret = await transact(lambda tx: commands.rotate(webhook_id, _own(caller), tx))
    set_etag(response, endpoint.revision)
    return WebhookWithSecret.with_secret(endpoint, secret)


@creating.post("/webhooks/{webhook_id}/replay", status_code=202)
async def replay_events(webhook_id: str, body: ReplayAsked, caller: Platform) -> ReplayView:
    """Send events of the last thirty days again, with the `webhook-id` that they had: one by its id, or at most 500 of a
    time. One replay at a time; new events do not wait for it."""
    own, since, until = _own(caller), body.since, body.until
    await commands.of(webhook_id, own)
    if body.event_id is not None:
        event_id = body.event_id
        return ReplayView.of(await transact(lambda tx: replays.replay_one(webhook_id, own, event_id, tx)))
    assert since is not None
    assert until is not None
    return ReplayView.of(await transact(lambda tx: replays.replay_some(webhook_id, own, since, until, tx)))


@router.get("/webhooks/{webhook_id}/attempts")
async def list_attempts(webhook_id: str, caller: Platform, page: PageAsked) -> Page[AttemptView]:
    """Every try of the last thirty days, the latest first."""
    endpoint = await commands.of(webhook_id, _own(caller))
    return await Page.of(Attempt, {"endpoint": endpoint.id}, AttemptView.of, page, sort="-created_at")


def _own(caller: Caller) -> str:
    return caller.uscc or ""


def _answered(endpoint: Endpoint, response: Response) -> WebhookView:
    set_etag(response, endpoint.revision)
    return WebhookView.of(endpoint)
