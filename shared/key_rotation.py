"""`python -m services.<name> reencrypt`: bring what is stored under the present keys, and say which old keys may go.

A key is retired in steps: a new one becomes current in the key file, beside it; every process of the service is started
again, since whoever was not still writes with the old one; this command runs; the key that nothing needs any more goes.

What travels sealed for a service is not sealed anew. Of such a key the command of whoever seals with it says when it was last
used, and from when on nothing that can be read or sent again was sealed with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from shared import clock
from shared.retention import EVENT_DAYS, MARK_DAYS
from shared.service import LastSealed, Service
from shared.storage import keys
from shared.storage.client import storage
from shared.storage.indexes import IDEMPOTENCY_SECONDS
from shared.storage.reencryption import Outcome, encrypted_fields, hashed_fields, reencrypt, rehash, values_under

ROUNDS = 5
"""How often the documents of a class are gone through where others change them meanwhile."""
KEPT = dt.timedelta(days=EVENT_DAYS)
"""How long an event is kept by its topic, and by whoever published it."""
READABLE = dt.timedelta(days=MARK_DAYS)
"""How long what an event carries can be read: put aside on its topic's last day, it can be sent again for a while."""


async def run(service: Service) -> int:
    """Bring everything forward and print what was done; the exit status is 0 where nothing stored needs an old key."""
    needed = 0
    for document in service.documents:
        name = document.get_motor_collection().name
        if encrypted_fields(document):
            _say(f"{name}: values encrypted anew", await _again(partial(reencrypt, document)))
        if hashed_fields(document):
            needed += _say(f"{name}: values hashed anew", await _again(partial(rehash, document)))
    for key_id in _old("index"):
        print(f"index {key_id}: " + (f"{needed} hashes may need it" if needed else "used by no hash any more"))
    for key_id in _old("storage"):
        held = sum([await values_under(document, key_id) for document in service.documents])
        needed += held
        print(f"storage {key_id}: {f'{held} documents need it' if held else await _answers_under(key_id)}")
    if service.last_sealed is not None:
        await _judge_sealing(service.seals, service.last_sealed)
    return 1 if needed else 0


async def _again(work: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Do a piece of work until nobody has changed beside it what it was about to change, but not for ever."""
    total = Outcome()
    for _ in range(ROUNDS):
        outcome = await work()
        total = Outcome(total.changed + outcome.changed, outcome.passed_over, outcome.closed)
        if not outcome.passed_over:
            break
    return total


def _say(what: str, outcome: Outcome) -> int:
    """Print what became of the values; how many there are that could not be changed."""
    rest = [f"{outcome.passed_over} changed by others meanwhile"] if outcome.passed_over else []
    rest += [f"{outcome.closed} that no kept key opens"] if outcome.closed else []
    print(", ".join([f"{what}: {outcome.changed}", *rest]))
    return outcome.passed_over + outcome.closed


def _old(ring: str) -> list[str]:
    return [key_id for key_id in keys.ring(ring).keys if key_id != keys.ring(ring).current]


async def _answers_under(key_id: str) -> str:
    """What is to be said of a key that no document needs: answers to requests live for a day, and are left as they are."""
    newest = storage().collection("idempotency").find({"answer": {"$ne": None}}).sort("at", -1)
    async for row in newest:
        if bytes(row["answer"]).startswith(f"{key_id}.".encode()):
            until = row["at"] + dt.timedelta(seconds=IDEMPOTENCY_SECONDS)
            return f"used by no document any more; by answers to requests until {_instant(until)}"
    return "used by no value any more"


async def _judge_sealing(rings: Sequence[str], last_sealed: LastSealed) -> None:
    old = {(ring, key_id) for ring in rings for key_id in _old(ring)}
    found = await last_sealed(old)
    for ring, key_id in sorted(old):
        at = found.get((ring, key_id))
        if at is None:
            latest = _instant(clock.now() - KEPT + READABLE)
            print(f"{ring} {key_id}: nothing that is kept was sealed with it; may go from {latest} at the latest")
        else:
            print(f"{ring} {key_id}: last used {_instant(at)}; may go from {_instant(at + READABLE)}")


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")
