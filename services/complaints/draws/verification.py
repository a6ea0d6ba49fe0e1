"""What was published of a draw, checked by whoever has it: no database, no key, no word of the office is needed."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx2
import msgspec

from services.complaints.draws import rules
from services.complaints.draws.rules import Arithmetic, Drawn, Lists
from shared.commands import Command

FETCH_SECONDS = 30
ALL = 100


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A draw as it is published. Until the last visit `secret` and `result` are null, until the draw `beacon` too.

    `arithmetic` is in the copies of those who may see what strata rest on: officers, and each enterprise of its own.
    """

    method: str
    lists: Lists
    lists_digest: str
    commitment: str
    source: str
    known_from: str
    beacon: str | None
    secret: str | None
    result: list[Drawn] | None
    arithmetic: list[Arithmetic] | None = None


def first_difference(published: Published, announced: Published | None = None) -> str | None:
    """What does not fit first, or None. `announced`: the same draw as it was published before it was held."""
    return next(_differences(published, announced), None)


def _differences(published: Published, announced: Published | None) -> Iterator[str]:
    if published.method != rules.METHOD:
        yield f"method: {published.method!r} is not {rules.METHOD!r}"
    if announced is not None:
        for name in ("lists_digest", "commitment", "source", "known_from"):
            before, now = getattr(announced, name), getattr(published, name)
            if before != now:
                yield f"{name}: announced {before!r}, published {now!r}"
    lists = published.lists
    if (digest := rules.digest_of(lists)) != published.lists_digest:
        yield f"lists_digest: the lists give {digest}, published {published.lists_digest!r}"
    yield from _faults_of(lists)
    yield from _wrong_strata(lists, published.arithmetic or [])
    secret, beacon, result = published.secret, published.beacon, published.result
    if secret is None and result is None:
        return
    if secret is None or beacon is None or result is None:
        yield "result: it is published with the secret and the public draw's result, or not at all"
        return
    if len(secret) != 2 * rules.SECRET_BYTES or not _is_hex(secret):
        yield f"secret: not {rules.SECRET_BYTES} bytes in lower-case hex"
        return
    if (commitment := rules.commitment_of(secret)) != published.commitment:
        yield f"commitment: the secret gives {commitment}, published {published.commitment!r}"
    again = rules.draw(rules.in_order(lists), rules.seed_of(published.lists_digest, secret, beacon))
    if len(again) != len(result):
        yield f"result: {len(again)} are drawn, published {len(result)}"
    for number, (own, other) in enumerate(zip(again, result, strict=False), 1):
        for name in Drawn.__struct_fields__:
            if getattr(own, name) != getattr(other, name):
                yield f"result {number}, {name}: drawn {getattr(own, name)!r}, published {getattr(other, name)!r}"


def _faults_of(lists: Lists) -> Iterator[str]:
    """What of the lists does not follow from their own figures."""
    named = {
        "enterprises": [*(one.id for one in lists.enterprises), *(one.id for one in lists.left_out)],
        "inspectors": [one.id for one in lists.inspectors],
        "strata": [one.name for one in lists.strata],
    }
    for name, ids in named.items():
        for twice in [one for one, times in Counter(ids).items() if times > 1]:
            yield f"{name}: {twice!r} is listed twice"
    if not lists.strata:
        yield "strata: there is none"
        return
    if lists.per_enterprise < 1:
        yield f"per_enterprise: {lists.per_enterprise} go to an enterprise"
    sizes = Counter(one.stratum for one in lists.enterprises)
    # whoever is in no stratum of the lists is never drawn
    for nowhere in sorted(sizes.keys() - set(named["strata"])):
        yield f"stratum {nowhere!r}: enterprises are listed in it, and it is not published"
    floors = [part.from_points for part in lists.strata]
    if floors != sorted(floors, reverse=True):
        yield f"strata: their least points are not in falling order: {floors}"
    for part in lists.strata:
        if not 0 <= part.percent <= ALL:
            yield f"stratum {part.name!r}: {part.percent} of a hundred"
        if sizes[part.name] != part.count:
            yield f"stratum {part.name!r}: {sizes[part.name]} are listed, published {part.count}"
        if (take := rules.share(part.count, part.percent)) != part.take:
            yield f"stratum {part.name!r}: {take} are to be drawn, published {part.take}"
    for enterprise in rules.understaffed(lists):
        yield f"enterprise {enterprise!r}: fewer than {lists.per_enterprise} inspectors may go there"


def _wrong_strata(lists: Lists, arithmetic: list[Arithmetic]) -> Iterator[str]:
    """Which strata do not follow from what they are said to rest on."""
    floors = [(one.name, one.from_points) for one in lists.strata]
    listed = {one.id: one for one in lists.enterprises}
    for one in arithmetic:
        if one.id not in listed:
            yield f"arithmetic: {one.id!r} is not on the list"
            continue
        if len(one.salt) % 2 or not _is_hex(one.salt):
            yield f"enterprise {one.id!r}: its salt is not in lower-case hex"
            continue
        if rules.basis_of(one) != listed[one.id].basis:
            yield f"enterprise {one.id!r}: the arithmetic is not the one that its basis was made of"
        points = rules.points_of(one.counts, lists.weights)
        if points != one.points:
            yield f"enterprise {one.id!r}: its counts give {points} points, not {one.points}"
        if (stratum := rules.stratum_of(points, floors)) != listed[one.id].stratum:
            yield f"enterprise {one.id!r}: belongs to {stratum!r}, published in {listed[one.id].stratum!r}"


def _is_hex(text: str) -> bool:
    return all(letter in "0123456789abcdef" for letter in text)


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--verify", required=True, metavar="FILE|URL", help="what was published of a draw")
    parser.add_argument("--announced", metavar="FILE|URL", help="the same, as you kept it before the draw was held")


async def run(arguments: argparse.Namespace) -> int:
    """Verify a published draw. 0: it is right; 1: it is not, with the first difference; 2: nothing to verify yet, or unreadable."""
    try:
        published = _read(arguments.verify)
        announced = _read(arguments.announced) if arguments.announced else None
        difference = first_difference(published, announced)
    except (OSError, ValueError, RecursionError, httpx2.HTTPError, httpx2.InvalidURL) as error:
        print(f"cannot be read: {str(error)!r}")
        return 2
    if difference is not None:
        _say(f"DIFFERENT  {difference}")
        return 1
    print(f"lists      {published.lists_digest}")
    print(f"commitment {published.commitment!a}")
    if published.result is None:
        print("the lists are sound; the result is published after the last visit")
        return 2
    print(f"the same: {len(published.result)} of {len(published.lists.enterprises)} enterprises")
    return 0


def _say(text: str) -> None:
    """Print a text that names what was published, on whatever terminal: Chinese names are escaped where it cannot show them."""
    coding = sys.stdout.encoding or "ascii"
    print(text.encode(coding, "backslashreplace").decode(coding))


DRAW = Command("draw", "verify a published draw", declare, run, alone=True)


def _read(place: str) -> Published:
    if place.startswith(("http://", "https://")):
        answer = httpx2.get(place, timeout=FETCH_SECONDS, follow_redirects=True)
        answer.raise_for_status()
        content = answer.content
    else:
        content = Path(place).read_bytes()
    return msgspec.json.decode(content, type=Published)
