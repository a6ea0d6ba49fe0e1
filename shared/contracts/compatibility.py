"""Whether today's events can still be read by, and read from, those who know the published schemas.

A schema changes by addition (design §3): a new optional field is published with `python -m shared.contracts`; whatever
takes away from what is published, or means it otherwise, is a break, and needs a new version of the event beside the old.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Schema = Mapping[str, Any]

LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems")
UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
SHAPES = (
    "type",
    "format",
    "enum",
    "anyOf",
    "discriminator",
    "properties",
    "required",
    "items",
    "prefixItems",
    "$ref",
    "$defs",
)
TEXTS = ("title", "description", "default", "examples")
"""Keywords that say nothing about which values are valid."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between what is published and the code. `at` is the event type, and the field where there is one."""

    kind: Literal["break", "addition"]
    at: str
    what: str

    def __str__(self) -> str:
        return f"{self.at}: {self.what}"


def compare(published: Mapping[str, Schema], code: Mapping[str, Schema]) -> list[Change]:
    """Every difference between two sets of event descriptions (see `describe` in `shared.contracts.__main__`), by type."""
    changes: list[Change] = []
    for name in sorted(published.keys() | code.keys()):
        if name not in code:
            changes.append(Change("break", name, "the event type was removed"))
        elif name not in published:
            changes.append(Change("addition", name, "the event type is new"))
        else:
            changes += _compare_events(name, published[name], code[name])
    return changes


def _compare_events(name: str, old: Schema, new: Schema) -> list[Change]:
    changes = [
        Change("break", name, f"its {part} was {old[part]!r} and is {new[part]!r}")
        for part in ("topic", "key")
        if old[part] != new[part]
    ]
    changes += _Comparison(old["data"], new["data"]).compare(name, old["data"], new["data"])
    if old != new and not changes:
        changes.append(Change("addition", name, "its description changed"))
    return changes


class _Comparison:
    """Compares two schemas whose `$ref`s point into the documents that they come from."""

    def __init__(self, old_root: Schema, new_root: Schema) -> None:
        self._old_root, self._new_root = old_root, new_root

    def compare(self, at: str, old: Schema, new: Schema) -> Iterator[Change]:
        old, new = _resolved(old, self._old_root), _resolved(new, self._new_root)
        tag = _tag(old) or _tag(new)
        old_kinds, new_kinds = _alternatives(old, self._old_root, tag), _alternatives(new, self._new_root, tag)
        added = new_kinds.keys() - old_kinds.keys()
        if old_kinds.keys() - new_kinds.keys() or any(not kind.startswith(f"object whose {tag} is") for kind in added):
            was, now = " or ".join(sorted(old_kinds)), " or ".join(sorted(new_kinds))
            yield Change("break", at, f"it was {was} and is {now}")
            return
        for kind in sorted(added):
            yield Change("addition", at, f"the {kind} is new")
        for kind, before in old_kinds.items():
            yield from self._compare_values(at, before, new_kinds[kind])

    def _compare_values(self, at: str, old: Schema, new: Schema) -> Iterator[Change]:
        if "enum" in old and "enum" in new:
            yield from _compare_enums(at, old["enum"], new["enum"])
        yield from _compare_constraints(at, old, new)
        yield from self._compare_fields(at, old, new)
        if "items" in old or "prefixItems" in old:
            yield from self._compare_items(at, old, new)

    def _compare_fields(self, at: str, old: Schema, new: Schema) -> Iterator[Change]:
        before, after = old.get("properties", {}), new.get("properties", {})
        required, were_required = set(new.get("required", ())), set(old.get("required", ()))
        for field in sorted(before.keys() | after.keys()):
            place = f"{at} {field}" if " " not in at else f"{at}.{field}"
            if field not in after:
                yield Change("break", place, "the field was removed")
            elif field not in before:
                if field in required:
                    yield Change("break", place, "the field is new and required: events from before do not have it")
                else:
                    yield Change("addition", place, "the optional field is new")
            else:
                if field in required - were_required:
                    yield Change("break", place, "the field is required now: events from before may not have it")
                elif field in were_required - required:
                    yield Change("break", place, "the field is not required any more: listeners rely on it")
                yield from self.compare(place, before[field], after[field])

    def _compare_items(self, at: str, old: Schema, new: Schema) -> Iterator[Change]:
        before, after = old.get("prefixItems", []), new.get("prefixItems", [])
        if len(before) != len(after):
            yield Change("break", f"{at}[]", f"it had {len(before)} places and has {len(after)}")
        for number, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from self.compare(f"{at}[{number}]", one, other)
        was, now = old.get("items"), new.get("items")
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from self.compare(f"{at}[]", was, now)
        elif was != now:
            yield Change("break", f"{at}[]", f"its items were {was!r} and are {now!r}")


def _resolved(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema


def _tag(schema: Schema) -> str | None:
    """The field by whose value the objects of a schema are told apart, where there is one."""
    name: str | None = schema.get("discriminator", {}).get("propertyName")
    return name


def _alternatives(schema: Schema, root: Schema, tag: str | None) -> dict[str, Schema]:
    """The kinds of value that a schema takes, each with its schema; objects that are told apart by a `tag` are of its values."""
    found: dict[str, Schema] = {}
    for one in schema.get("anyOf", [schema]):
        alternative = _resolved(one, root)
        values = alternative.get("properties", {}).get(tag, {}).get("enum", [])
        kind = f"object whose {tag} is {values[0]}" if len(values) == 1 else _kind(alternative)
        found[kind] = alternative
    return found


def _kind(schema: Schema) -> str:
    """The type in words: `string`, `string of format date`, `object`, `one of fixed values`, `anything`."""
    if "enum" in schema or "const" in schema:
        return "one of fixed values"
    kind = schema.get("type", "anything")
    text = " or ".join(sorted(kind)) if isinstance(kind, list) else str(kind)
    return f"{text} of format {schema['format']}" if "format" in schema else text


def _compare_enums(at: str, old: list[Any], new: list[Any]) -> Iterator[Change]:
    if gone := [value for value in old if value not in new]:
        yield Change("break", at, f"the values {gone} were removed")
    if added := [value for value in new if value not in old]:
        yield Change("addition", at, f"the values {added} are new")


def _compare_constraints(at: str, old: Schema, new: Schema) -> Iterator[Change]:
    """What is valid may become more, never less: events from before must stay valid."""
    for name in sorted((old.keys() | new.keys()) - {*SHAPES, *TEXTS}):
        was, now = old.get(name), new.get(name)
        if was != now:
            kind: Literal["break", "addition"] = "addition" if _is_wider(name, was, now) else "break"
            yield Change(kind, at, f"its {name} was {was!r} and is {now!r}")


def _is_wider(name: str, was: Any, now: Any) -> bool:
    """Whether a constraint lets more through than before; of one that is not known here that cannot be said."""
    if name in LOWER_BOUNDS:
        return now is None or (was is not None and now < was)
    if name in UPPER_BOUNDS:
        return now is None or (was is not None and now > was)
    return name == "pattern" and now is None
