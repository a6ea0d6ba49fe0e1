"""The notifier: messages from events, to the phone or the app of those who must hear of them."""

from __future__ import annotations

from services.notifier.broadcasts import api as broadcasts_api
from services.notifier.broadcasts import consumers as broadcasts_consumers
from services.notifier.broadcasts import timers as broadcasts_timers
from services.notifier.broadcasts.documents import Broadcast, Pace, Standing
from services.notifier.deliveries import api as deliveries_api
from services.notifier.deliveries import figures
from services.notifier.deliveries import timers as deliveries_timers
from services.notifier.deliveries.documents import Delivery
from services.notifier.gateways.commands import close_gateways_at_end, open_gateways
from services.notifier.holding import api as holding_api
from services.notifier.holding import timers as holding_timers
from services.notifier.intake import consumers as intake_consumers
from services.notifier.providers import cli as providers_cli
from services.notifier.providers.commands import open_providers, read_restore
from services.notifier.providers.documents import Balance, Restore
from services.notifier.receipts import api as receipts_api
from services.notifier.receipts import cli as receipts_cli
from services.notifier.receipts import commands as receipts
from services.notifier.receipts import figures as receipts_figures
from services.notifier.receipts import timers as receipts_timers
from services.notifier.recipients import addresses_api, desks_api
from services.notifier.recipients import api as recipients_api
from services.notifier.recipients import consumers as recipients_consumers
from services.notifier.recipients.documents import Contact, Device, Engagement, Preferences, Reference
from services.notifier.recipients.migrations import PHONE_HASH
from services.notifier.sheets.documents import SheetFault, SheetRow
from services.notifier.webhooks import api as webhooks_api
from services.notifier.webhooks import consumers as webhooks_consumers
from services.notifier.webhooks import timers as webhooks_timers
from services.notifier.webhooks.calling import close_caller_at_end, open_caller
from services.notifier.webhooks.documents import Attempt, Endpoint, Holder, Replay, Stream
from services.notifier.webhooks.documents import Message as WebhookMessage
from shared import clock
from shared.service import Service
from shared.storage.audit import AuditEntry


async def _receipts_expected() -> dict[str, int]:
    return {"receipts": await figures.receipts_expected(clock.now())}


service = Service(
    name="notifier",
    title="Xindun notifier 新盾 · 消息服务",
    description="Tells people and platforms what they must hear of, each message once, by SMS, e-mail or through the app, and "
    "platforms' own systems by signed webhooks.",
    documents=[
        *(Contact, Engagement, Reference, Device, Preferences, Delivery, Balance, Restore, AuditEntry),
        *(Endpoint, Holder, Stream, WebhookMessage, Replay, Attempt),
        *(Broadcast, Pace, Standing, SheetRow, SheetFault),
    ],
    routers=[
        *(deliveries_api.router, holding_api.router, receipts_api.router, recipients_api.router, desks_api.router),
        addresses_api.router,
        *(webhooks_api.creating, webhooks_api.router, broadcasts_api.creating, broadcasts_api.router),
    ],
    modules=[
        *(recipients_consumers, intake_consumers, deliveries_timers, holding_timers, receipts_timers),
        *(webhooks_consumers, webhooks_timers, broadcasts_consumers, broadcasts_timers),
    ],
    migrations=[PHONE_HASH],
    at_start=[open_gateways, open_providers, read_restore, open_caller, receipts.begin],
    commands=(*receipts_cli.COMMANDS, *providers_cli.COMMANDS),
    background=[close_gateways_at_end, close_caller_at_end],
    pending=_receipts_expected,
    figures={"deliveries": figures.measure, "receipts": receipts_figures.measure},
)
