"""A worker's devices and preferences."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel

from services.notifier.recipients import commands
from services.notifier.recipients.documents import Preferences
from services.notifier.recipients.rules import Preference
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
    """By which channel messages come: `auto` is the app where there is one."""

    channel: Preference


@router.put("/devices/{device_token}")
async def register_device(device_token: DeviceToken, body: DeviceBody, worker: Worker) -> DeviceView:
    """Register the app on a phone: from now on messages come through it, the newest device first."""
    worker_id = worker.worker_id or ""
    device = await transact(lambda tx: commands.register_device(worker_id, device_token, body.platform, tx))
    return DeviceView(platform=device.platform, registered_at=device.registered_at)


@router.delete("/devices/{device_token}", status_code=204)
async def remove_device(device_token: DeviceToken, worker: Worker) -> None:
    """Take the app out of use; messages come by SMS again, or through another device."""
    worker_id = worker.worker_id or ""
    if not await transact(lambda tx: commands.remove_device(worker_id, device_token, tx)):
        raise NotFound("该设备", "device")


@router.get("/preferences")
async def read_preferences(worker: Worker, response: Response) -> PreferencesBody:
    """The channel that the worker has chosen; `auto` where they have chosen none."""
    preferences = await Preferences.of(worker.worker_id or "")
    set_etag(response, preferences.revision if preferences else 0)
    return PreferencesBody(channel=preferences.channel if preferences else "auto")


@router.put("/preferences")
async def set_preferences(
    body: PreferencesBody, worker: Worker, seen: RevisionSeen, response: Response
) -> PreferencesBody:
    """Choose SMS or the app. Notices of the law come in any case: without a device, by SMS."""
    worker_id = worker.worker_id or ""

    async def store(tx: Transaction) -> Preferences:
        present = await Preferences.of(worker_id, tx)
        require_revision(seen, present.revision if present else 0)
        return await commands.set_preferences(worker_id, body.channel, tx)

    preferences = await transact(store)
    set_etag(response, preferences.revision)
    return PreferencesBody(channel=preferences.channel)
