"""Deyang and its districts by GB/T 2260 code, today's and those of the past, which still begin older id numbers.

Functional zones have no code of their own and belong to the district that they lie in.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

CITY: Final = "510600"


@dataclass(frozen=True, slots=True)
class Region:
    """A code with its name and the years in which it was in force, both included; `until` is None today."""

    code: str
    name: str
    since: int
    until: int | None = None
    successors: tuple[str, ...] = ()


REGIONS: Final = MappingProxyType(
    {
        region.code: region
        for region in (
            Region("510600", "德阳市", 1983),
            Region("510603", "旌阳区", 1996),
            Region("510604", "罗江区", 2017),
            Region("510623", "中江县", 1983),
            Region("510681", "广汉市", 1990),
            Region("510682", "什邡市", 1995),
            Region("510683", "绵竹市", 1996),
            Region("512821", "德阳县", 1980, 1983, ("510603",)),
            Region("510621", "德阳县", 1983, 1984, ("510603",)),
            Region("510602", "市中区", 1984, 1996, ("510603", "510604")),
            Region("510622", "绵竹县", 1983, 1996, ("510683",)),
            Region("510624", "广汉县", 1983, 1988, ("510681",)),
            Region("519001", "广汉市", 1988, 1990, ("510681",)),
            Region("510625", "什邡县", 1983, 1995, ("510682",)),
            Region("510626", "罗江县", 1996, 2017, ("510604",)),
        )
    }
)

DISTRICTS: Final = MappingProxyType(
    {code: region.name for code, region in REGIONS.items() if region.until is None and code != CITY}
)
"""Today's six districts: code to Chinese name."""


def is_district(code: str) -> bool:
    """Whether this is one of today's six districts, where work can be done and cases be heard."""
    return code in DISTRICTS


def name(code: str) -> str:
    """The Chinese name of a code of Deyang, of today or of the past; KeyError for any other."""
    return REGIONS[code].name
