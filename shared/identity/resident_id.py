"""Resident id numbers (GB 11643): eighteen characters, the last a check digit by ISO 7064 MOD 11-2.

The same shape serves residence permits of people from Hong Kong, Macau and Taiwan (81, 82, 83) and permanent-residence
cards of foreigners (9). The first six digits say where the number was first issued, anywhere in the country and under
the districts of that time; they say nothing of where the person lives, and only their shape is checked.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from operator import mul
from typing import Final, Literal

Sex = Literal["female", "male"]

_PROVINCES: Final = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]"
_SHAPE: Final = re.compile(
    rf"((?:{_PROVINCES})[0-9]{{4}}|9[0-9]{{5}})((?:19|20)[0-9]{{2}})([0-9]{{2}})([0-9]{{2}})[0-9]{{3}}[0-9Xx]"
)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# The sum that seventeen zeros give: character codes are summed as they are, which spares an int() for each.
_OF_ZEROS: Final = ord("0") * sum(_WEIGHTS)
_CHECK_CHARACTERS: Final = "10X98765432"


class InvalidResidentId(ValueError):
    """The number is wrong; the text says in what way and never repeats any of it."""


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A number that holds, and what it says. Its repr leaves the number and the date of birth out."""

    number: str = field(repr=False)
    birth_date: dt.date = field(repr=False)
    sex: Sex
    region_code: str


def parse(number: str, today: dt.date) -> ResidentId:
    """Check a number and read it; a small x at its end becomes X. `today` is the legal day of the check.

    Raises InvalidResidentId for a wrong shape, a day that does not exist or has not come, or a wrong check digit.
    """
    shape = _SHAPE.fullmatch(number)
    if shape is None:
        raise InvalidResidentId("not eighteen characters in the shape of a resident id number")
    region, year, month, day = shape.groups()
    try:
        birth_date = dt.date(int(year), int(month), int(day))
    except ValueError:
        raise InvalidResidentId("the date of birth does not exist") from None
    if birth_date > today:
        raise InvalidResidentId("the date of birth lies in the future")
    if check_character(number) != number[17].upper():
        raise InvalidResidentId("the check digit does not fit")
    sex: Sex = "male" if number[16] in "13579" else "female"
    return ResidentId(number.upper(), birth_date, sex, region)


def check_character(digits: str) -> str:
    """The check character that belongs to the first seventeen digits."""
    return _CHECK_CHARACTERS[(sum(map(mul, _WEIGHTS, digits.encode("ascii"))) - _OF_ZEROS) % 11]
