"""The draw of a double-random campaign (双随机), in ten steps that anybody can repeat.

1. The lists are published before: enterprises, each in a stratum by its risk; inspectors under a reference, each with the
   enterprises that they stay away from; the share of each stratum. All numbers are whole.
2. `lists_digest` is the SHA-256 of the lists as JSON: keys sorted, no blanks, UTF-8, enterprises and inspectors by id.
3. `commitment` is the SHA-256 of a secret of 32 random bytes that stays closed. Both are published with the lists, beside the name
   of a public draw that has not been held yet (a lottery's numbers) and the instant from which its result is known.
4. An enterprise's points are the sum of count times weight; its stratum is the first whose `from_points` they reach. What was
   counted is no public matter: `basis` is HMAC-SHA256 under a salt of the counts as JSON, to be opened to who may see them.
5. Of a stratum of n enterprises, n times `percent` over 100 are drawn, rounded up.
6. The seed is the SHA-256 of four lines: `xindun-draw-1`, the digest, the secret in hex, the public draw's result: its numbers in
   rising order, without leading zeros, a blank between, so that one result makes one seed.
7. An enterprise's ticket is HMAC-SHA256 under the seed of the lines `enterprise` and its id, in hex.
8. In each stratum the lowest tickets are drawn.
9. Enterprise by enterprise, lowest ticket first, the inspectors who need not stay away are ordered by how often they were drawn
   already, then by HMAC-SHA256 of the lines `inspector`, the enterprise, their reference; the first `per_enterprise` are drawn.
10. After the last visit the secret and the result are published; whoever repeats 2 to 9 must come to the same.

The office cannot steer it, since it does not know the public draw's result when it binds itself; nobody else can foresee it,
since the secret is closed until the visits are over.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

METHOD: Final = "xindun-draw-1"
SECRET_BYTES: Final = 32


class Stratum(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Enterprises of at least `from_points` points that no stratum before it takes: how many there are, how many are drawn."""

    name: str
    from_points: int
    percent: int
    count: int
    take: int


class Listed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An enterprise that may be drawn. `basis` binds the office to what its stratum rests on."""

    id: str
    stratum: str
    basis: str


class Arithmetic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an enterprise's stratum rests on: how often each kind of sign was met, and the salt that opens `basis`."""

    id: str
    counts: dict[str, int]
    points: int
    salt: str


class LeftOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An enterprise that is on file and cannot be drawn, and why."""

    id: str
    reason: str


class Inspector(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An inspector under the reference of this draw, and the listed enterprises that they stay away from."""

    id: str
    stays_away_from: list[str]


class Lists(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that a draw rests on besides the seed, frozen when it is published."""

    campaign: str
    per_enterprise: int
    weights: dict[str, int]
    strata: list[Stratum]
    enterprises: list[Listed]
    left_out: list[LeftOut]
    inspectors: list[Inspector]


class Drawn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An enterprise that was drawn, with those who inspect it."""

    enterprise: str
    stratum: str
    ticket: str
    inspectors: list[str]


def arithmetic_of(enterprise: str, counts: Mapping[str, int], weights: Mapping[str, int], salt: str) -> Arithmetic:
    return Arithmetic(id=enterprise, counts=dict(counts), points=points_of(counts, weights), salt=salt)


def make_lists(
    campaign: str,
    found: Sequence[Arithmetic],
    left_out: Sequence[LeftOut],
    inspectors: Sequence[Inspector],
    *,
    per_enterprise: int,
    weights: Mapping[str, int],
    strata: Sequence[tuple[str, int, int]],
) -> Lists:
    """The lists of a draw. `strata`: name, least points and percent of each, the most points first."""
    floors = [(name, least) for name, least, _ in strata]
    listed = [Listed(id=one.id, stratum=stratum_of(one.points, floors), basis=basis_of(one)) for one in found]
    sizes = Counter(one.stratum for one in listed)
    return in_order(
        Lists(
            campaign=campaign,
            per_enterprise=per_enterprise,
            weights=dict(weights),
            strata=[
                Stratum(name=name, from_points=least, percent=part, count=sizes[name], take=share(sizes[name], part))
                for name, least, part in strata
            ],
            enterprises=listed,
            left_out=list(left_out),
            inspectors=list(inspectors),
        )
    )


def basis_of(arithmetic: Arithmetic) -> str:
    """What is published of the arithmetic of an enterprise's stratum."""
    return hmac.new(bytes.fromhex(arithmetic.salt), canonical(arithmetic.counts), hashlib.sha256).hexdigest()


def canonical(value: object) -> bytes:
    """A value as JSON that is the same for everybody: keys sorted, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def points_of(counts: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """Count times weight, summed; a sign without a weight counts nothing."""
    return sum(count * weights.get(kind, 0) for kind, count in counts.items())


def stratum_of(points: int, floors: Sequence[tuple[str, int]]) -> str:
    """The first stratum whose least points are reached, or else the last."""
    return next((name for name, least in floors if points >= least), floors[-1][0])


def share(count: int, percent: int) -> int:
    """So many of a hundred, rounded up."""
    return -(-count * percent // 100)


def in_order(lists: Lists) -> Lists:
    """The lists as they are digested, whatever order they came in."""
    return msgspec.structs.replace(
        lists,
        enterprises=sorted(lists.enterprises, key=lambda one: one.id),
        left_out=sorted(lists.left_out, key=lambda one: one.id),
        inspectors=sorted(
            (Inspector(id=one.id, stays_away_from=sorted(one.stays_away_from)) for one in lists.inspectors),
            key=lambda one: one.id,
        ),
    )


def digest_of(lists: Lists) -> str:
    """The SHA-256 of the lists as canonical JSON."""
    return hashlib.sha256(canonical(msgspec.to_builtins(in_order(lists)))).hexdigest()


def commitment_of(secret: str) -> str:
    """What is published of a secret (in hex) before."""
    return hashlib.sha256(bytes.fromhex(secret)).hexdigest()


def seed_of(lists_digest: str, secret: str, beacon: str) -> bytes:
    return hashlib.sha256("\n".join((METHOD, lists_digest, secret, beacon)).encode()).digest()


def understaffed(lists: Lists) -> list[str]:
    """The listed enterprises that too few inspectors could go to."""
    kept_away = Counter(enterprise for one in lists.inspectors for enterprise in set(one.stays_away_from))
    free = len(lists.inspectors)
    return [one.id for one in lists.enterprises if free - kept_away[one.id] < lists.per_enterprise]


def draw(lists: Lists, seed: bytes) -> list[Drawn]:
    """Who is drawn, lowest ticket first, with the inspectors of each."""
    tickets = {one.id: _ticket(seed, "enterprise", one.id) for one in lists.enterprises}
    chosen: list[Listed] = []
    for stratum in lists.strata:
        own = sorted((one for one in lists.enterprises if one.stratum == stratum.name), key=lambda one: tickets[one.id])
        chosen += own[: stratum.take]
    times: Counter[str] = Counter()
    found: list[Drawn] = []
    for one in sorted(chosen, key=lambda one: tickets[one.id]):
        team = ranking(lists, seed, one.id, times)[: lists.per_enterprise]
        times.update(team)
        found.append(Drawn(enterprise=one.id, stratum=one.stratum, ticket=tickets[one.id], inspectors=team))
    return found


def ranking(lists: Lists, seed: bytes, enterprise: str, times: Mapping[str, int]) -> list[str]:
    """The inspectors who may go to an enterprise, in the order in which they are taken. `times`: how often each was drawn."""
    able = [one.id for one in lists.inspectors if enterprise not in one.stays_away_from]
    return sorted(able, key=lambda one: (times.get(one, 0), _ticket(seed, "inspector", enterprise, one)))


def _ticket(seed: bytes, *lines: str) -> str:
    return hmac.new(seed, "\n".join(lines).encode(), hashlib.sha256).hexdigest()
