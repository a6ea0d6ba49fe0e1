"""A worker's devices, and how they want messages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal

from services.notifier.recipients import rules
from services.notifier.recipients.documents import DEVICE_TOKEN, Contact, Device, Preferences, contact_id
from shared import clock
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import Transaction


def device_id(device_token: str) -> str:
    """The digest that a device is found by; its token is too long and random to be guessed from it."""
    return hashlib.sha256(device_token.encode()).hexdigest()


async def register_device(
    worker_id: str, device_token: str, platform: Literal["ios", "android", "harmony"], tx: Transaction
) -> Device:
    """Put a device in a worker's hands, and out of those of whoever had it before."""
    now, token = clock.now(), encrypt_field(DEVICE_TOKEN, device_id(device_token), device_token)
    device = await Device.of(device_id(device_token), tx)
    if device is None:
        device = Device(
            id=device_id(device_token), worker_id=worker_id, platform=platform, token=token, registered_at=now
        )
    device.worker_id, device.platform, device.token, device.registered_at = worker_id, platform, token, now
    await note_app(worker_id, tx)
    return await device.put(tx)


async def note_app(worker_id: str, tx: Transaction) -> None:
    contact_key = contact_id("worker", worker_id)
    contact = await Contact.of(contact_key, tx) or Contact(id=contact_key)
    contact.has_app = True
    await contact.put(tx)


async def remove_device(worker_id: str, device_token: str, tx: Transaction) -> bool:
    """Take a worker's device out of use; False where it is not theirs."""
    device = await Device.of(device_id(device_token), tx)
    if device is None or device.worker_id != worker_id:
        return False
    tx.delete(Device, device.id)
    return True


async def newest_device(worker_id: str, tx: Transaction) -> Device | None:
    devices = await tx.find(Device, {"worker_id": worker_id}, sort="-registered_at", limit=1)
    return devices[0] if devices else None


async def preferences_of(worker_id: str, tx: Transaction | None = None) -> Preferences:
    """How a worker wants messages; where they never said so, as the service chooses."""
    return await Preferences.of(worker_id, tx) or Preferences(id=worker_id, channel="auto")


async def set_preferences(
    worker_id: str,
    channel: rules.Preference,
    channels: Sequence[rules.WorkerChannel],
    no_publicity: bool,
    rest_in_app: bool,
    tx: Transaction,
) -> Preferences:
    """Store how a worker wants messages; a list of channels says which one counts."""
    preferences = await preferences_of(worker_id, tx)
    preferences.channel, preferences.channels = channels[0] if channels else channel, list(channels)
    preferences.no_publicity, preferences.rest_in_app = no_publicity, rest_in_app
    return await preferences.put(tx)
