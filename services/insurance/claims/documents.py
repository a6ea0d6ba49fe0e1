"""Claims: accidents that were reported, and what became of them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from beanie import Document
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from services.insurance.claims.parts import (
    DESCRIPTION,
    KIN,
    PHOTO,
    PLACE,
    Appeal,
    Application,
    Assessment,
    Clock,
    Decision,
    Nursing,
    Role,
    Step,
)
from services.insurance.claims.rules import State
from shared.contracts.insurance import ClaimStep, CoverCheck, Reporter, Scheme
from shared.contracts.platform import Severity
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record
from shared.storage.taken import Taken


class Claim(Record):
    """One reported accident. `reported_at` is when it reached us; `number` is what people are told.

    Encrypted: `place`, `description`, `kin` (JSON: relation, name, phone of the next of kin who reported it).
    `platform_apply_by` and `self_apply_by` are the last days to apply for benefits: for the platform or employer, and for
    the worker, next of kin or union. `due` holds the day of each step under way. `partner` is the credit code of the
    engagement's partner firm. `scheme` stands still from the acceptance on, while `cover` goes on telling what is known.
    `former_workers`: ids whose record became `worker_id`'s, by which an engagement may name the worker for a while yet.
    `other_platforms`: under whose orders the worker was at that moment too. `twins`: claims that seem to be about the
    same accident; `apart`: those of which an officer found that they are not; `merged`: those that were merged into it.
    """

    number: str
    platform: str
    incident_id: str
    worker_ref: str
    worker_id: str | None
    order_id: str | None
    occurred_at: dt.datetime
    reported_at: dt.datetime
    reported_by: Reporter = "platform"
    reporter: str = ""
    kin: Annotated[str | None, EncryptedAt(KIN)] = None
    district: str
    severity: Severity
    place: Annotated[str, EncryptedAt(PLACE)]
    description: Annotated[str, EncryptedAt(DESCRIPTION)]
    cover: CoverCheck
    scheme: Scheme = "occupational_injury"
    platform_apply_by: dt.date | None
    self_apply_by: dt.date | None

    state: State = "reported"
    recognised: bool | None = None
    grade: int | None = Field(default=None, ge=1, le=10)
    nursing: Nursing | None = None
    fatal: bool = False
    partner: str | None = None
    former_workers: list[str] = []  # noqa: RUF012 - pydantic copies it
    other_platforms: list[str] = []  # noqa: RUF012 - pydantic copies it

    photos: int = 0
    papers: list[str] = []  # noqa: RUF012 - pydantic copies it
    asked_papers: list[str] = []  # noqa: RUF012 - pydantic copies it
    kinds: list[str] = []  # noqa: RUF012 - pydantic copies it
    application: Application | None = None
    decisions: list[Decision] = []  # noqa: RUF012 - pydantic copies it
    assessments: list[Assessment] = []  # noqa: RUF012 - pydantic copies it
    appeals: list[Appeal] = []  # noqa: RUF012 - pydantic copies it
    due: dict[ClaimStep, dt.date] = {}  # noqa: RUF012 - pydantic copies it
    clock: Clock | None = None
    twins: list[str] = []  # noqa: RUF012 - pydantic copies it
    apart: list[str] = []  # noqa: RUF012 - pydantic copies it
    merged: list[str] = []  # noqa: RUF012 - pydantic copies it
    merged_into: str | None = None
    history: list[Step] = []  # noqa: RUF012 - pydantic copies it

    class Settings:
        name = "claims"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("platform", ASCENDING), ("worker_ref", ASCENDING)]),
            IndexModel([("worker_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("reporter", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", DESCENDING)]),
        ]

    def facts(self) -> dict[str, Any]:
        """What every event of a claim on its way says of it."""
        return {
            "claim_id": self.id,
            "number": self.number,
            "platform": self.platform,
            "worker_ref": self.worker_ref,
            "worker_id": self.worker_id,
        }


class Incident(Taken):
    """An incident that a platform reported (`<credit code>|<the platform's own id>`), and the claim that it opened."""

    class Settings:
        name = "incidents"


class ClaimPhoto(Record):
    """A photo or scanned paper of a claim, of `size` bytes in `chunks` pieces. `paper`: the code of the paper it shows."""

    claim_id: str
    media_type: Literal["image/jpeg", "image/png"]
    size: int
    chunks: int
    paper: str | None
    role: Role

    class Settings:
        name = "claim_photos"
        indexes = [IndexModel([("claim_id", ASCENDING)])]  # noqa: RUF012 - Beanie reads it so


class ClaimPhotoChunk(Document):
    """One piece of a photo, encrypted. Its id is the photo's with the number of the piece."""

    id: str  # type: ignore[assignment]
    data: Annotated[str, EncryptedAt(PHOTO)]

    class Settings:
        name = "claim_photo_chunks"
