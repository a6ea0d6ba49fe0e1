"""The documents that a unit of work has met: each is one object, however often it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from beanie import Document

D = TypeVar("D", bound=Document)

Key = tuple[type[Document], Any]
Same = tuple[type[Document], Mapping[str, Any]]
"""Documents that have values in common."""
Group = tuple[type[Document], tuple[tuple[str, Any], ...]]


def group_of(document: type[Document], same: Mapping[str, Any]) -> Group:
    return document, tuple(same.items())


@dataclass(slots=True)
class IdentityMap:
    """Documents by their ids, and by values that they have in common."""

    known: dict[Key, Document | None] = field(default_factory=dict)
    """Documents that were met, or found missing."""
    groups: dict[Group, list[Document]] = field(default_factory=dict)
    """Documents that were read together, by the fields and their values that they have in common."""
    _grouped_by: dict[type[Document], set[tuple[str, ...]]] = field(default_factory=dict)

    def same(self, found: D) -> D:
        """The object that stands for a document that was read: the first one that was met."""
        key = (type(found), found.id)
        known = self.known.get(key)
        if known is None:
            self.known[key] = known = found
        return cast(D, known)

    def group(self, group: Group, members: Iterable[Document]) -> None:
        """Remember all documents that have these values."""
        kind, same = group
        self.groups[group] = list(members)
        self._grouped_by.setdefault(kind, set()).add(tuple(name for name, _ in same))

    def join_groups(self, document: Document) -> None:
        """Let a document that was changed or made be among those whose values it has now."""
        for names in self._grouped_by.get(type(document), ()):
            members = self.groups.get((type(document), tuple((name, getattr(document, name)) for name in names)))
            if members is not None and all(one is not document for one in members):
                members.append(document)

    def forget(self, key: Key) -> None:
        """Know nothing of a document any more, which is changed where it is stored."""
        self.known.pop(key, None)
        self._forget_groups(key[0])

    def forget_all(self, document: type[Document]) -> None:
        """Know nothing of a kind of documents any more."""
        for key in [key for key in self.known if key[0] is document]:
            del self.known[key]
        self._forget_groups(document)

    def _forget_groups(self, document: type[Document]) -> None:
        for group in [group for group in self.groups if group[0] is document]:
            del self.groups[group]
