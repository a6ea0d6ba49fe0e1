"""What is stored of a dossier."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.storage.records import Keyed


class DossierEntry(Keyed):
    """One fact in the timeline of one subject.

    The id is `<subject>|<position>`, so that a timeline is a range of ids, needs no other index, and takes the same fact
    once however often it comes. Entries are never changed. `data` is the fact without anything personal or sealed.
    """

    position: str
    section: str
    type: str
    source: str
    at: dt.datetime
    data: dict[str, Any]

    class Settings:
        name = "dossier"
