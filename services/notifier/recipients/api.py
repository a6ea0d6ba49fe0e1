"""A worker's devices and preferences."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field, field_validator

from services.notifier.recipients import device_commands as devices
from services.notifier.recipients.documents import Preferences
from services.notifier.recipients.rules import Preference, WorkerChannel
from shared.errors import NotFound
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.etags import RevisionSeen, set_etag

router = APIRouter(prefix="/v1", tags=["recipients 接收人"])

DeviceToken = Annotated[str, Path(min_length=8, max_length=500)]


class DeviceBody(BaseModel):
    """A phone with the app, by its system."""

    platform: Literal["ios", "android", "harmony"]


class DeviceView(DeviceBody):
    """A registered phone."""

    registered_at: dt.datetime


class PreferencesBody(BaseModel):
    """How messages come. `channels` in their order, the first that works, in place of `channel`, of which `auto` is the app where
    there is one. Publicity and legal education can be switched off, and prompts to rest had only through the app; what the law
    demands, and warnings of the weather, come in any case."""

    channel: Preference = "auto"
    channels: Annotated[list[WorkerChannel], Field(max_length=2, json_schema_extra={"uniqueItems": True})] = []
    no_publicity: bool = False
    rest_in_app: bool = False

    @field_validator("channels")
    @classmethod
    def each_once(cls, channels: list[WorkerChannel]) -> list[WorkerChannel]:
        if len(set(channels)) < len(channels):
            raise ValueError("a channel stands in the list twice")
        return channels


class PreferencesView(PreferencesBody):
    """How messages come: `order` is the channels as they are tried."""

    order: list[WorkerChannel]

    @classmethod
    def of(cls, preferences: Preferences) -> Self:
        chosen = preferences.model_dump(include=set(PreferencesBody.model_fields))
        return cls(**chosen, order=preferences.order)


@router.put("/devices/{device_token}")
async def register_device(device_token: DeviceToken, body: DeviceBody, worker: Worker) -> DeviceView:
    """Register the app on a phone: from now on messages come through it, the newest device first."""
    worker_id = worker.worker_id or ""
    device = await transact(lambda tx: devices.register_device(worker_id, device_token, body.platform, tx))
    return DeviceView(platform=device.platform, registered_at=device.registered_at)


@router.delete("/devices/{device_token}", status_code=204)
async def remove_device(device_token: DeviceToken, worker: Worker) -> None:
    """Take the app out of use; messages come by SMS again, or through another device."""
    worker_id = worker.worker_id or ""
    if not await transact(lambda tx: devices.remove_device(worker_id, device_token, tx)):
        raise NotFound("该设备", "device")


@router.get("/preferences")
async def read_preferences(worker: Worker, response: Response) -> PreferencesView:
    """What the worker has chosen; `auto` where they have chosen nothing."""
    preferences = await devices.preferences_of(worker.worker_id or "")
    set_etag(response, preferences.revision)
    return PreferencesView.of(preferences)


@router.put("/preferences")
async def set_preferences(
    body: PreferencesBody, worker: Worker, seen: RevisionSeen, response: Response
) -> PreferencesView:
    """Choose SMS or the app, and what not to hear. Notices of the law come in any case: without a device, by SMS."""
    worker_id = worker.worker_id or ""

    async def store(tx: Transaction) -> Preferences:
        require_revision(seen, (await devices.preferences_of(worker_id, tx)).revision)
        return await devices.set_preferences(
            worker_id, body.channel, body.channels, body.no_publicity, body.rest_in_app, tx
        )

    preferences = await transact(store)
    set_etag(response, preferences.revision)
    return PreferencesView.of(preferences)
