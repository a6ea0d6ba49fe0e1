"""Fields that the forms of several rooms have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from shared.identity import regions, uscc
from shared.identity.regions import CITY


def _place(code: str) -> str:
    if code != CITY and not regions.is_district(code):
        raise ValueError("neither Deyang nor one of its districts")
    return code


Place = Annotated[
    str, AfterValidator(_place), Field(description="GB/T 2260 code of a district, or 510600 for the whole city.")
]
Uscc = Annotated[str, AfterValidator(uscc.parse)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
