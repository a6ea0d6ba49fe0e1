"""Giving deliveries to their gateways, and queueing those that waited for a fact."""

from __future__ import annotations

from services.notifier.deliveries import commands, giving, outcomes
from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.giving import Given
from services.notifier.deliveries.rules import TRIES
from services.notifier.gateways.connection import Unsure
from services.notifier.gateways.rules import Refused, Unknown
from services.notifier.providers import commands as providers
from services.notifier.providers.rules import CannotSay
from services.notifier.recipients.commands import FACT_KNOWN, FACTS_KNOWN
from shared import faults
from shared.messaging.timers import Due, TryAgain, timer, work
from shared.storage.kinds import Together
from shared.storage.transaction import Transaction


@timer(FACTS_KNOWN)
async def on_facts_known(due: Due[Together], tx: Transaction) -> None:
    await commands.queue_waiting(due.payload.items, tx)


@timer(FACT_KNOWN)
async def on_fact_known(due: Due[None], tx: Transaction) -> None:
    await commands.queue_waiting([due.key], tx)


async def _hand_over(due: Due[None]) -> Given | None:
    """Give a delivery to its gateway, until the gateway accepts or refuses it or the tries are used up."""
    delivery = due.about if isinstance(due.about, Delivery) else await Delivery.of(due.key)
    if delivery is None or delivery.state != "queued":
        return None
    given = await _given(delivery, due.attempts)
    faults.reach("delivery.given")
    if given is not None:
        giving.handed_over(delivery, given.answer)
    return given


async def _given(delivery: Delivery, attempts: int) -> Given | None:
    """What the gateway says. What a provider or a mail server may have is never given up as failed: nobody can say whether
    it went out."""
    if attempts > TRIES:  # the last try never came back
        return Given(delivery, Unknown("TRIES_USED_UP") if delivery.may_be_out else Refused("TRIES_USED_UP"))
    await providers.look(giving.measure)
    try:
        return await giving.give(delivery, asked_before=attempts > 1)
    except CannotSay as reason:
        return Given(delivery, Unknown(str(reason)))
    except TryAgain as reason:
        if attempts < TRIES:
            raise
        unsure = isinstance(reason, Unsure) and delivery.channel == "sms"
        return Given(None, Unknown(str(reason)) if unsure else Refused(str(reason)))


async def _answered(due: Due[None], given: Given, tx: Transaction) -> None:
    await outcomes.store_answer(due.key, given, due.attempts, tx)


hand_over = work(commands.DELIVERY, seconds=25, about=Delivery)(_hand_over)
hand_over.store(_answered)
hand_over_ordinary = work(commands.ORDINARY_DELIVERY, seconds=25, lane="ordinary", about=Delivery)(_hand_over)
hand_over_ordinary.store(_answered)
hand_over_broadcast = work(commands.BROADCAST_DELIVERY, seconds=25, lane="broadcast", about=Delivery)(_hand_over)
hand_over_broadcast.store(_answered)
