"""Give a delivery to its gateway: the push service, the mail server, or the SMS provider that takes it; and measure how soon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import get_args

from prometheus_client import Histogram

from services.notifier.deliveries import rules
from services.notifier.deliveries.documents import Delivery
from services.notifier.gateways.commands import gateways
from services.notifier.gateways.connection import NotTaken, Unsure
from services.notifier.gateways.mail import ANSWER_LOST
from services.notifier.gateways.rules import Accepted, Refused, Unknown
from services.notifier.notices.rows import Channel
from services.notifier.providers import commands as providers
from services.notifier.providers.rules import PROVIDERS, SEEN, SLOW, Name, Seen, Sms
from shared import clock
from shared.identity.phones import is_mobile
from shared.messaging.timers import TryAgain
from shared.storage.transaction import Transaction, transact

HAND_OVER = Histogram(
    "xindun_notifier_hand_over_seconds",
    "Time from the event, or the end of a message's holding, until its gateway took or refused it, in seconds.",
    ["channel", "provider", "outcome"],
    buckets=(1, 10, 60, 600, 3600, 86400),
)
OUTCOMES = {Accepted: "accepted", Refused: "refused", Unknown: "uncertain"}

NO_PROVIDER = "none"
"""What stands for the provider of a message that is no SMS, or that none took."""

for _channel in get_args(Channel):
    for _provider in (*PROVIDERS, NO_PROVIDER) if _channel == "sms" else (NO_PROVIDER,):
        for _outcome in OUTCOMES.values():
            HAND_OVER.labels(
                _channel, _provider, _outcome
            )  # shown from the start: what rises from nothing is seen to rise


@dataclass(slots=True)
class Given:
    """A delivery as it was when it was given to its gateway, and the gateway's answer."""

    at_hand: Delivery | None
    answer: Accepted | Refused | Unknown


async def give(delivery: Delivery, *, asked_before: bool) -> Given | None:
    """Give a delivery to its gateway; None where it need not be given any more. Where an earlier try may have reached the
    gateway, that is asked first."""
    address = delivery.clear_address
    assert address is not None
    if delivery.channel == "sms":
        return await _give_sms(delivery, address, asked_before=asked_before)
    if delivery.channel == "email":
        return await _give_mail(delivery, address, asked_before=asked_before)
    push = gateways().push
    known = await push.find(delivery.id) if asked_before else None
    return Given(delivery, known or await push.send(address, *delivery.words, delivery.id))


async def _give_sms(delivery: Delivery, phone: str, *, asked_before: bool) -> Given | None:
    """Offer an SMS to its provider, and to the other only where the first surely does not have it.

    Whom it is offered to is stored before: by the transaction that queues it, or by `_turn_to`.
    """
    if not is_mobile(phone):
        return Given(delivery, Refused(rules.NO_MOBILE))
    sms = _sms(delivery, phone)
    may_have = delivery.may_be_with if asked_before else None
    if may_have is not None and (known := await providers.find(may_have, sms)):
        delivery.provider = may_have
        return Given(delivery, known)
    if lost := await providers.find_lost(delivery.told_at, sms):
        delivery.provider = lost[0]
        return Given(delivery, lost[1])
    faults: list[TryAgain] = []
    if not (names := providers.order(delivery.provider, delivery.id, delivery.template)):
        return Given(delivery, Refused(rules.NO_TEMPLATE))
    for name in names:
        if wait := providers.rest_of(name):
            faults.append(NotTaken("the provider does not answer", wait))
            continue
        turned = delivery if delivery.provider == name else await transact(partial(_turn_to, delivery.id, name))
        if turned is None:
            return None
        delivery = turned
        try:
            return Given(delivery, await providers.send(name, _sms(delivery, phone)))
        except NotTaken as fault:
            faults.append(fault)
        except Unsure:
            raise
        except TryAgain as fault:  # the number has had enough for now, whoever sends
            faults = [fault]
            break
    if delivery.provider is not None:
        await transact(partial(_turn_to, delivery.id, None))
    raise min(faults, key=lambda fault: fault.after)


async def _give_mail(delivery: Delivery, address: str, *, asked_before: bool) -> Given | None:
    """Give an e-mail to the mail server. That it may have it is stored before it can: an e-mail is never given twice by itself."""
    mail = gateways().mail
    if mail is None:
        return Given(delivery, Refused(rules.NO_MAIL))
    if asked_before and delivery.submitted_at is not None:
        return Given(delivery, Unknown(ANSWER_LOST))
    at_hand = delivery

    async def submit() -> bool:
        nonlocal at_hand
        stored = await transact(partial(_submit, delivery.id, clock.now()))
        at_hand = stored or at_hand
        return stored is not None

    try:
        answer = await mail.send(address, *delivery.words, delivery.id, submit)
    except NotTaken:
        if at_hand is not delivery:
            await transact(partial(_submit, delivery.id, None))
        raise
    return None if answer is None else Given(at_hand, answer)


async def _submit(delivery_id: str, at: dt.datetime | None, tx: Transaction) -> Delivery | None:
    """Store since when the mail server may have an e-mail, or that it surely has not; None where it is not queued any more."""
    delivery = await Delivery.of(delivery_id, tx)
    if delivery is None or delivery.state != "queued":
        return None
    delivery.submitted_at = at
    return await delivery.put(tx)


def _sms(delivery: Delivery, phone: str) -> Sms:
    offered_at = delivery.offered_at or delivery.queued_at or delivery.created_at
    asked_at = max(offered_at, delivery.not_before or offered_at)
    return Sms(delivery.id, phone, delivery.template, delivery.params, asked_at)


async def _turn_to(delivery_id: str, provider: Name | None, tx: Transaction) -> Delivery | None:
    """Store to whom a queued delivery is offered next, or that surely nobody has it; None where it is not queued any more."""
    delivery = await Delivery.of(delivery_id, tx)
    if delivery is None or delivery.state != "queued":
        return None
    delivery.provider, delivery.offered_at = provider, clock.now()
    return await delivery.put(tx)


async def measure(now: dt.datetime) -> Mapping[Name, Seen]:
    """How many messages each SMS provider took lately, and how many of them were slow."""
    return {name: await _seen(name, now) for name in PROVIDERS}


async def _seen(name: Name, now: dt.datetime) -> Seen:
    async def count(query: Mapping[str, object], **sent_at: dt.datetime) -> int:
        lately = {f"${bound}": at for bound, at in ({"gte": now - SEEN} | sent_at).items()}
        return await Delivery.find({**query, "sent_at": lately, "provider": name}).count()

    finished = {"state": {"$in": ["delivered", "failed"]}}
    under_way = await count({"state": "sent"})
    overdue = await count({"state": "sent"}, lt=now - SLOW)
    return Seen(await count(finished) + under_way, await count(finished | {"late": True}) + overdue)


def handed_over(delivery: Delivery, answer: Accepted | Refused | Unknown) -> None:
    """Count a delivery that its gateway has taken or refused for good, or of which nobody can say whether it has it."""
    outcome = OUTCOMES[type(answer)]
    seconds = (clock.now() - (delivery.asked_at or delivery.created_at)).total_seconds()
    HAND_OVER.labels(delivery.channel, delivery.provider or NO_PROVIDER, outcome).observe(max(0.0, seconds))
