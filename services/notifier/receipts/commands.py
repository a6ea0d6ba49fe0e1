"""Store receipts, whether gateways bring them or are asked for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import msgspec
from prometheus_client import Counter

from services.notifier.deliveries import commands as deliveries
from services.notifier.deliveries import outcomes
from services.notifier.deliveries.documents import EVER, Delivery
from services.notifier.deliveries.giving import NO_PROVIDER
from services.notifier.deliveries.rules import NO_RECEIPT
from services.notifier.notices.rows import Channel
from services.notifier.providers.rules import PROVIDERS, Name
from services.notifier.receipts import rules
from services.notifier.receipts.asking import Asked
from services.notifier.receipts.rules import Patience
from services.notifier.recipients.device_commands import remove_device
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.running import Running
from shared.storage.client import storage
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact

EARLY = (dt.timedelta(seconds=2), dt.timedelta(seconds=30), dt.timedelta(minutes=5))
"""How long a report is kept each time for the answer that it came before."""


class Report(msgspec.Struct, frozen=True):
    """What Tencent says of a message later, by its own number of it. `looked`: how often that was not found before."""

    number: str
    arrived: bool
    code: str
    looked: int = 0


EARLY_REPORT = TimerKind("notifier.early_report", Report)
"""The timer at which a report is looked at again whose message was not known; its key is the provider's number."""


class Seen(msgspec.Struct, frozen=True):
    """`until`: whatever was sent before that has its receipt by now, or is asked about. `more`: there was more since than one look
    takes."""

    until: dt.datetime
    more: bool = False


LOOK = TimerKind("notifier.receipt_look", Seen)
"""The timer of looks for receipts that have not come: one, of the key `ALL`, for all deliveries. It or `ASK` is always set."""
ASK = TimerKind("notifier.receipt_ask", Seen)
"""The outside work of asking gateways for those receipts. It is set in place of the timer, where there is something to ask: one batch
is under way at a time."""
ALL = "all"

GIVEN_UP = Counter(
    "xindun_notifier_receipts_given_up",
    "Messages that a gateway took, of which no receipt came and nobody can say whether they arrived. Rising: ask there.",
    ["channel", "provider"],
)
for _provider in (*PROVIDERS, NO_PROVIDER):
    GIVEN_UP.labels("push" if _provider == NO_PROVIDER else "sms", _provider)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a gateway says of a message later. `code` says why it did not arrive; `provider`: who says so of an SMS, and `number`:
    under which number of its own, if it says that."""

    delivery_id: str
    arrived: bool
    code: str
    provider: Name | None = None
    number: str | None = None

    def is_of_another(self, delivery: Delivery) -> bool:
        """Whether it says that a message is lost which another provider has now, or the same one under another number: it was given
        anew since."""
        if self.arrived or self.provider is None:
            return False
        other = self.number and delivery.gateway_id and self.number != delivery.gateway_id
        return delivery.provider not in (None, self.provider) or bool(other)


async def store_receipts(channel: Channel, receipts: Sequence[Receipt], tx: Transaction) -> None:
    """Store receipts of one channel. They may come twice, and before the gateway's own answer is stored.

    One of a delivery that is not ours, or that has gone over to another channel since, changes nothing; nor does the word that a
    message is lost which was given anew since. That it arrived counts whoever says so.
    """
    asked = sorted({receipt.delivery_id for receipt in receipts})
    found = await tx.find(Delivery, {"_id": {"$in": asked}})
    by_id = {delivery.id: delivery for delivery in found}
    for receipt in receipts:
        delivery = by_id.get(receipt.delivery_id)
        if delivery is None or delivery.channel != channel:
            continue
        if receipt.is_of_another(delivery):
            continue
        gone = channel == "push" and not receipt.arrived and receipt.code == "UNREGISTERED"
        if gone and delivery.recipient and delivery.clear_address:
            await remove_device(delivery.recipient, delivery.clear_address, tx)
        if delivery.state == "queued":  # the gateway's own answer was lost: it need not be asked any more
            tx.cancel(deliveries.lane_of(delivery), delivery.id)
        await outcomes.record(delivery, "arrived" if receipt.arrived else "lost", receipt.code, tx)


async def store_reports(reports: Sequence[Report], tx: Transaction) -> None:
    """Store what Tencent says of messages. It knows them by its own number, which is not stored before its answer is: a report
    that comes sooner is looked at again a few times, and forgotten if it is of no message of ours."""
    numbers = sorted({report.number for report in reports})
    found = await tx.find(Delivery, {"gateway_id": {"$in": numbers}, "provider": "tencent"})
    ids = {delivery.gateway_id: delivery.id for delivery in found}
    known = [Receipt(ids[one.number], one.arrived, one.code, "tencent") for one in reports if one.number in ids]
    for report in reports:
        if report.number not in ids and report.looked < len(EARLY):
            again = msgspec.structs.replace(report, looked=report.looked + 1)
            tx.schedule(EARLY_REPORT, report.number, clock.now() + EARLY[report.looked], again)
    if known:
        await store_receipts("sms", known, tx)


def patience() -> Patience:
    """How long receipts are waited for today."""
    return Patience.of(parameters.on(shanghai_date(clock.now())))


async def begin(_: Running) -> None:
    """At the start: set the first look, where none is set. What was sent before the end of waiting stays as it is."""
    standing = {"_id": {"$in": [LOOK.id_of(ALL), ASK.id_of(ALL)]}}
    if await storage().collection("timers").find_one(standing, {"_id": 1}) is None:
        now = clock.now()
        await transact(_scheduled(LOOK, now, now - patience().end))


def _scheduled(kind: TimerKind[Seen], at: dt.datetime, until: dt.datetime) -> Callable[[Transaction], Awaitable[None]]:
    async def schedule(tx: Transaction) -> None:
        tx.schedule(kind, ALL, at, Seen(until))

    return schedule


async def look(until: dt.datetime, tx: Transaction) -> None:
    """Have those asked about that were sent since `until`, and long enough ago, and have no receipt; and see to the next look."""
    now = clock.now()
    late = now - patience().first
    fresh = {"state": "sent", "sent_at": {"$gte": until, "$lte": late}, "channel": {"$ne": "email"}, "ask_at": None}
    found = await tx.find(Delivery, fresh, sort="sent_at", limit=rules.AT_ONCE)
    for delivery in found:
        delivery.ask_at = now
        await delivery.put(tx)
    more = len(found) == rules.AT_ONCE
    seen = Seen(found[-1].sent_at or late, more) if more else Seen(max(until, late))
    if found or await tx.find(Delivery, {"ask_at": {"$gt": EVER, "$lte": now}, "state": "sent"}, limit=1):
        tx.schedule(ASK, ALL, now, seen)
    else:
        tx.schedule(LOOK, ALL, now + rules.LOOK, seen)


async def ask_at_once(since: dt.datetime, tx: Transaction) -> int:
    """Have gateways asked now about some deliveries that wait for their receipt, however lately they were sent, and were not to be
    asked about yet; says how many."""
    now = clock.now()
    waiting = {"state": "sent", "sent_at": {"$gte": since}, "channel": {"$ne": "email"}}
    later = {"$or": [{"ask_at": None}, {"ask_at": {"$gt": now}}]}
    found = await tx.find(Delivery, waiting | later, sort="sent_at", limit=rules.AT_ONCE)
    for delivery in found:
        delivery.ask_at = now
        await delivery.put(tx)
    if found:
        await _look_now(since, tx)
    return len(found)


async def _look_now(since: dt.datetime, tx: Transaction) -> None:
    """Have looked now instead of later. What was sent earlier than `since` and is not looked at yet is looked at then too."""
    standing = {"_id": {"$in": [LOOK.id_of(ALL), ASK.id_of(ALL)]}}
    rows = await storage().collection("timers").find(standing, session=tx.session).to_list(None)
    tx.schedule(LOOK, ALL, clock.now(), Seen(min([since, *(LOOK.read(row["data"]).until for row in rows)])))


async def store_asked(asked: Asked, seen: Seen, tx: Transaction) -> None:
    """Store what gateways said of a batch: as the receipts that did not come. Of the rest it is set when to ask again, or that nobody
    knows; what a receipt has come for meanwhile is left."""
    words = {one.id: (one, said) for one in asked.batch if (said := asked.told.get(one.id))}
    for channel in ("sms", "push"):
        receipts = [
            Receipt(one.id, said.state == "arrived", said.reason or "", one.provider)
            for one, said in words.values()
            if one.channel == channel
        ]
        if receipts:
            await store_receipts(channel, receipts, tx)
    rest = [one.id for one in asked.batch if one.id not in words and one.id not in asked.left]
    now, waits = clock.now(), patience()
    for delivery in await tx.find(Delivery, {"_id": {"$in": rest}, "state": "sent"}) if rest else ():
        answered, sent_at = delivery.id in asked.told, delivery.sent_at or delivery.created_at
        delivery.ask_at = rules.next_ask(sent_at, now, waits, answered=answered)
        if delivery.ask_at is not None:
            await delivery.put(tx)
        else:
            GIVEN_UP.labels(delivery.channel, delivery.provider or NO_PROVIDER).inc()
            await outcomes.record(delivery, "unconfirmed", NO_RECEIPT, tx)
    at_once = asked.more or (seen.more and asked.told)  # while no gateway answers one look is as good as many
    tx.schedule(LOOK, ALL, now if at_once else now + rules.LOOK, Seen(seen.until))
