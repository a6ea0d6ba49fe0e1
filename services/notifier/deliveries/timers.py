"""Giving deliveries to their gateways, and taking up those whose missing fact has come."""

from __future__ import annotations

from services.notifier.deliveries import commands, holding
from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.rules import TRIES, days_between
from services.notifier.gateways.answers import Refused, Taken
from services.notifier.gateways.connection import gateways
from services.notifier.messages.texts import TITLES, text_of
from services.notifier.recipients.commands import RELEASE
from shared import clock
from shared.messaging.timers import Due, Outcome, TryAgain, timer, work
from shared.storage.transaction import Transaction


@timer(commands.SETTLE)
async def on_settled(_: Due, tx: Transaction) -> None:
    await holding.let_go(clock.now(), tx)


@timer(RELEASE)
async def on_fact_known(due: Due, tx: Transaction) -> None:
    await commands.release(due.key, tx)


@work(commands.DELIVERY, seconds=25)
async def hand_over(due: Due) -> Outcome:
    """Give a delivery to its gateway. An earlier try may have reached it: then the gateway is asked first."""
    delivery = due.about if isinstance(due.about, Delivery) else await Delivery.of(due.key)
    if delivery is None or delivery.state != "queued":
        return _nothing
    if due.attempts > TRIES:  # the last try never came back
        return commands.store_answer(delivery, Refused("TRIES_USED_UP"), due.attempts)
    try:
        answer = await _give(delivery, asked_before=due.attempts > 1)
    except TryAgain as reason:
        if due.attempts < TRIES:
            raise
        return commands.store_answer(delivery, Refused(str(reason)), due.attempts)
    return commands.store_answer(delivery, answer, due.attempts)


async def _nothing(_: Transaction) -> None:
    return None


async def _give(delivery: Delivery, *, asked_before: bool) -> Taken | Refused:
    address = delivery.clear_address
    assert address is not None
    if delivery.channel == "push":
        push = gateways().push
        known = await push.find(delivery.id) if asked_before else None
        title, text = TITLES[delivery.template], text_of(delivery.template, delivery.params)
        return known or await push.send(address, title, text, delivery.id)
    sms = gateways().sms
    days = days_between(delivery.queued_at or delivery.created_at, clock.now())
    known = await sms.find(address, delivery.id, days) if asked_before else None
    return known or await sms.send(address, delivery.template, delivery.params, delivery.id)
