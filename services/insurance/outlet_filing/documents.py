"""The postal authority's monthly lists of outlets."""

from __future__ import annotations

from shared.storage.records import Record


class OutletList(Record):
    """The postal authority's list of a month (its id, `YYYY-MM`), as it was last pushed."""

    outlets: list[str]
    by: str

    class Settings:
        name = "outlet_lists"
