"""What employers send of whom they employ, and what they see of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class DeclarationMade(BaseModel):
    """An employer's word that it employs the person of an enrolment."""

    model_config = ConfigDict(extra="forbid")

    starts_on: Annotated[
        dt.date, Field(description="First legal day of work (用工之日), as that of the enrolment's segment")
    ]


class WrongCell(BaseModel):
    """A cell that is wrong, and why; what it says is not repeated."""

    cell: str
    zh: str
    en: str


class SheetTaken(BaseModel):
    """What came of a sheet: how many of its rows were declared now, and before, and what is wrong with the others."""

    rows: int
    declared: int
    declared_before: int
    wrong: list[WrongCell]
