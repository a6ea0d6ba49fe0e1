"""What is kept of prompts, so that none is made twice."""

from __future__ import annotations

import datetime as dt
from typing import Final

from pymongo import ASCENDING, IndexModel

from shared.storage.records import Keyed

KEPT_SECONDS: Final = 7 * 86_400
"""Longer than a prompt helps."""


class Prompted(Keyed):
    """That a person was prompted through a platform's worker; its id is `<worker>|<day>|<limit>`.

    A person has one for each platform of theirs that was concerned: whichever of them is met again says that they were.
    """

    at: dt.datetime

    class Settings:
        name = "rest_prompts"
        indexes = [IndexModel([("at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS)]
