"""What has become of an injured person since the recognition."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.insurance.entitlements import rules
from shared.storage.fields import Yuan
from shared.storage.records import Record


class Death(BaseModel):
    """A death after the recognition. `kind`: which of the law's it is; `on` is the judgment's day where a court `declared` it."""

    on: dt.date
    of_injury: bool
    declared: bool
    kind: rules.Death
    document: str
    by: str


class Absence(BaseModel):
    """A time of which nobody knows where the worker was."""

    since: dt.date
    returned_on: dt.date | None = None
    document: str
    by: str


class Relapse(BaseModel):
    """An old injury that needs treatment again, as it was confirmed (工伤保险条例 art. 38)."""

    since: dt.date
    document: str
    by: str


class Retirement(BaseModel):
    """A retirement, with the monthly old-age pension in yuan (art. 35, 1, 3)."""

    on: dt.date
    pension: Yuan
    document: str
    by: str


class Stop(BaseModel):
    """A time without benefits (art. 42); `case` is a code of `benefit.stop_grounds`. `until` is null while it lasts."""

    case: str
    since: dt.date
    until: dt.date | None = None
    document: str
    by: str


class Entitlement(Record):
    """What has become of one injured person; its id is the claim's. There is none while nothing has changed."""

    worker_id: str
    district: str
    life: rules.Life = "alive"
    deaths: list[Death] = []
    absences: list[Absence] = []
    relapses: list[Relapse] = []
    retirement: Retirement | None = None
    stops: list[Stop] = []

    class Settings:
        name = "entitlements"

    @property
    def death(self) -> Death | None:
        """The death that stands."""
        return self.deaths[-1] if self.life in ("dead", "declared_dead") and self.deaths else None

    @property
    def absence(self) -> Absence | None:
        """The absence that lasts, or that has ended in a death."""
        return self.absences[-1] if self.absences and self.absences[-1].returned_on is None else None

    @property
    def stop(self) -> Stop | None:
        """The stop that lasts."""
        return self.stops[-1] if self.stops and self.stops[-1].until is None else None

    @property
    def relapsed(self) -> dt.date | None:
        """Since when the latest relapse is treated."""
        return self.relapses[-1].since if self.relapses else None
