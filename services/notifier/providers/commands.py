"""Give a message to a provider, or ask one for it, and share the messages out between two.

Each process has its own line to each provider: a circuit that opens where the provider fails several times in a row. How
the messages are shared out stands in the database.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import structlog
from prometheus_client import Gauge
from pymongo.errors import PyMongoError

from services.notifier import settings
from services.notifier.gateways.commands import gateways
from services.notifier.gateways.connection import NotTaken, Unsure
from services.notifier.gateways.rules import Accepted, Refused
from services.notifier.notices.rules import SIGNATURE
from services.notifier.notices.table import PLACES
from services.notifier.providers import rules
from services.notifier.providers.aliyun import Aliyun
from services.notifier.providers.documents import SMS, Balance, Restore
from services.notifier.providers.rules import Lost, Name, Seen, Sent, Shares, Sms, SmsProvider
from services.notifier.providers.tencent import Tencent
from shared import circuit, clock
from shared.circuit import Circuit
from shared.messaging.timers import TryAgain
from shared.settings import SettingMissing
from shared.storage.transaction import Transaction, transact

log = structlog.get_logger(__name__)

KNOWN_SECONDS = 10.0
"""How long a process goes by the shares that it read."""

CIRCUIT_OPEN = Gauge(
    "xindun_notifier_sms_circuit_open",
    "1 while nothing is sent to an SMS provider because it does not answer.",
    ["provider"],
)
SHARE = Gauge("xindun_notifier_sms_share", "How many of a hundred messages go by an SMS provider.", ["provider"])

Measure = Callable[[dt.datetime], Awaitable[Mapping[Name, Seen]]]


@dataclass
class Opened:
    """The providers that there are, with the line to each, and the shares as this process knows them."""

    providers: dict[Name, SmsProvider]
    resting: int
    receipt_token: str | None
    shares: Shares
    lost: Lost | None = None
    lines: dict[Name, Circuit] = field(default_factory=dict)
    read_at: float = float("-inf")
    looked_at: float = float("-inf")

    def with_template(self, template: str) -> list[Name]:
        return [name for name, one in self.providers.items() if one.templates is None or template in one.templates]


_opened: Opened | None = None


def opened() -> Opened:
    if _opened is None:
        raise RuntimeError("the SMS providers are not opened")
    return _opened


async def open_providers(_: object) -> None:
    """Read the accounts; raises `SettingMissing`. The gateways must be open."""
    global _opened
    found, client = settings.sms_from_environment(), gateways().client
    providers: dict[Name, SmsProvider] = {}
    if (one := found.aliyun) is not None:
        providers["aliyun"] = Aliyun(client, one.url, one.key_id, one.secret, SIGNATURE)
    if (other := found.tencent) is not None:
        if missing := sorted(PLACES.keys() - other.templates.keys()):
            raise SettingMissing(f"the file of TENCENT_SMS_TEMPLATES has no number for {', '.join(missing)}")
        providers["tencent"] = Tencent(client, other, SIGNATURE, PLACES)
    token = found.tencent.receipt_token if found.tencent else None
    _opened = Opened(providers, found.resting_share, token, Shares(found.resting_share))


async def read_restore(_: object) -> None:
    """At the start: read what the last restore lost. The providers must be open."""
    restore = await Restore.get(SMS)
    opened().lost = restore.lost if restore else None


async def note_restore(since: dt.datetime, tx: Transaction) -> None:
    """Store that the database was brought back as it was at an instant, before any process begins work with it."""
    restore = await Restore.of(SMS, tx) or Restore(id=SMS, since=since, until=clock.now())
    restore.since, restore.until = since, clock.now()
    await restore.put(tx)


def forget() -> None:
    """Take the lines as sound and the shares as not read yet, as a new process does."""
    state = opened()
    state.lines.clear()
    state.shares, state.read_at, state.looked_at = Shares(state.resting), float("-inf"), float("-inf")


async def choose(delivery_id: str, template: str) -> Name | None:
    """The provider that a message is to go through; None where its template is filed with none."""
    state = opened()
    if len(state.providers) > 1 and time.monotonic() - state.read_at > KNOWN_SECONDS:
        balance = await Balance.get(SMS)
        _know(balance.shares if balance else Shares(state.resting))
    there = state.with_template(template)
    return rules.chosen(state.shares, delivery_id, there) if there else None


def order(first: Name | None, delivery_id: str, template: str) -> list[Name]:
    """The providers that a message's template is filed with, in the order in which it is offered to them."""
    state = opened()
    there = state.with_template(template)
    preferred = first if first in there or not there else rules.chosen(state.shares, delivery_id, there)
    return sorted(there, key=lambda name: name != preferred)


def rest_of(name: Name) -> float:
    """How many seconds a provider is left alone yet."""
    return circuit.ask(_line(name), clock.now())[1].total_seconds()


async def send(name: Name, sms: Sms) -> Accepted | Refused:
    """Give a message to a provider; raises `NotTaken`, `Unsure`, or `TryAgain` where the number has had enough."""
    with _asked(name):
        return await opened().providers[name].send(sms)


async def find(name: Name, sms: Sms) -> Accepted | None:
    """The message, if the provider has it. Raises `Unsure`, or `CannotSay`."""
    if name not in opened().providers:
        raise rules.CannotSay("the provider that was asked is not set up any more")
    try:
        with _asked(name):
            return await opened().providers[name].find(sms)
    except NotTaken as error:
        raise Unsure(str(error), error.after) from None


async def find_lost(told_at: dt.datetime | None, sms: Sms) -> tuple[Name, Accepted] | None:
    """Who has a message that was told of at that instant and went before our database was brought back; None where it surely did not.
    Raises as `find` does."""
    lost = opened().lost
    if lost is None or (since := lost.reaches(told_at)) is None:
        return None
    for name, provider in opened().providers.items():
        try:
            with _asked(name):
                found = await provider.find_lost(replace(sms, asked_at=since), lost.until)
        except NotTaken as error:
            raise Unsure(str(error), error.after) from None
        if found is not None:
            return name, found
    return None


async def ask(name: Name, phone: str, sent: Sequence[Sent]) -> Mapping[str, Accepted]:
    """What a provider says became of messages to one number, by our ids; of those of one that is not set up any more nobody can say
    anything. Raises `NotTaken` or `Unsure` where it does not answer, or rests.

    That it does not answer is not held against it: it may take messages and yet refuse this, as where the account lacks the right.
    """
    if name not in opened().providers:
        return {}
    if wait := rest_of(name):
        raise NotTaken("the provider does not answer", wait)
    return await opened().providers[name].ask(phone, sent)


async def look(measure: Measure) -> None:
    """Once a minute, in one process, look at what both providers did, and move the shares."""
    state, now = opened(), clock.now()
    if len(state.providers) < 2 or time.monotonic() - state.looked_at < rules.LOOK.total_seconds():
        return
    state.looked_at = time.monotonic()
    try:
        balance = await Balance.get(SMS)
        if balance is None or now - balance.looked_at >= rules.LOOK:
            seen = await measure(now)
            _know(await transact(lambda tx: _move(seen, now, tx)))
    except PyMongoError as error:  # no message waits for this
        log.warning("sms.not_looked", reason=type(error).__name__)


async def _move(seen: Mapping[Name, Seen], now: dt.datetime, tx: Transaction) -> Shares:
    resting = opened().resting
    balance = await Balance.of(SMS, tx) or Balance(id=SMS, first=resting, looked_at=now)
    if balance.revision and now - balance.looked_at < rules.LOOK:
        return balance.shares  # another process was faster
    shares = rules.moved(balance.shares, resting, seen, now)
    if shares != balance.shares:
        log.warning("sms.shares", before=balance.first, now=shares.first)
    balance.first, balance.moved_at, balance.looked_at = shares.first, shares.moved_at, now
    await balance.put(tx)
    return shares


def _know(shares: Shares) -> None:
    state = opened()
    state.shares, state.read_at = shares, time.monotonic()
    for name, share in zip(rules.PROVIDERS, (shares.first, 100 - shares.first), strict=True):
        SHARE.labels(name).set(share)


@contextmanager
def _asked(name: Name) -> Iterator[None]:
    """Make a call, unless the provider rests, and report it to the line. What a provider has to say on a number is an answer;
    what is cancelled is none."""
    line, wait = circuit.ask(_line(name), clock.now())
    _set(name, line)
    if wait:
        raise NotTaken("the provider does not answer", wait.total_seconds())
    sound, reason = False, "cancelled"
    try:
        yield
        sound = True
    except rules.CannotSay:
        sound = True
        raise
    except TryAgain as error:
        reason = str(error)
        sound = not isinstance(error, NotTaken) and not (isinstance(error, Unsure) and not error.answered)
        raise
    finally:
        _set(name, (circuit.answered if sound else circuit.failed)(_line(name), clock.now()), None if sound else reason)


def _line(name: Name) -> Circuit:
    return opened().lines.get(name) or Circuit("closed", clock.now())


def _set(name: Name, line: Circuit, reason: str | None = None) -> None:
    before = _line(name).state
    if line.state != before:
        CIRCUIT_OPEN.labels(name).set(line.state != "closed")
        log.warning("sms.circuit", provider=name, before=before, now=line.state, failures=line.failures, reason=reason)
    opened().lines[name] = line
