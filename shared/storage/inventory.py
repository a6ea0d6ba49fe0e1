"""What a service stores: each collection with what it holds, how long, and how it is spread over shards.

`collections.yaml` beside a service's code has a row for each of its collections, the one here for those of the chassis;
`python -m services.<name> collections` prints them, and a test holds them against the documents and their indexes.

    holds    in words
    grows    with what; absent: it stays small
    goes     ttl (an index removes rows `days` after an instant), done (removed when it is over), erasure (what identifies a
             person goes when they are erased), never
    ground   why it is kept so long: a parameter, an article, a reason
    stays    what stays of a person who is erased, and why: {what: id or texts, why, term}. Absent: nothing
    shard    the key in a sharded cluster, always the id: hashed, or ranged where ranges of ids are read. Absent: not sharded

What may exist once rests on its id, and a sharded collection keeps nothing unique but its key: so no other key can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Literal

import msgspec
import yaml

FILE = "collections.yaml"
KEYS = {"hashed": '{_id: "hashed"}', "ranged": "{_id: 1}"}


class Stays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stays of a person after their erasure: `id` (that of a record which says nothing any more) or `texts` (encrypted
    ones that name them), why, and the parameter of its term, null where none ends it by itself."""

    what: Literal["id", "texts"]
    why: str
    term: str | None = None


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the table; see the module."""

    holds: str
    goes: Literal["ttl", "done", "erasure", "never"]
    ground: str
    grows: str | None = None
    days: int | None = None
    shard: Literal["hashed", "ranged"] | None = None
    stays: Stays | None = None


def of_chassis() -> dict[str, Kept]:
    """The collections that every service has."""
    return _read("shared.storage")


def of_service(name: str) -> dict[str, Kept]:
    """The collections of a service besides the chassis's."""
    return _read(f"services.{name}")


def _read(package: str) -> dict[str, Kept]:
    text = (files(package) / FILE).read_text("utf-8")
    return msgspec.convert(yaml.safe_load(text), dict[str, Kept])


def table(kept: dict[str, Kept]) -> Sequence[str]:
    """The lines of a Markdown table."""
    rows = [
        f"| {name} | {one.holds} | {one.grows or '-'} | {_goes(one)} | {one.ground} | {KEYS.get(one.shard or '', '-')} |"
        for name, one in sorted(kept.items())
    ]
    return ["| collection | holds | grows with | goes | ground | shard key |", "|---|---|---|---|---|---|", *rows]


def _goes(one: Kept) -> str:
    return f"after {one.days} days" if one.days else one.goes


def commands(database: str, kept: dict[str, Kept]) -> Sequence[str]:
    """What mongosh is told to shard the collections of a database."""
    return [
        f'sh.shardCollection("{database}.{name}", {KEYS[one.shard]})' for name, one in sorted(kept.items()) if one.shard
    ]
