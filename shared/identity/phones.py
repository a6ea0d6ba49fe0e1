"""Mobile numbers of mainland China, the ones that can be sent an SMS."""

import re
from typing import Final

import phonenumbers

_NATIONAL: Final = re.compile(r"1[3-9][0-9]{9}")
_LONGEST: Final = 24


class InvalidPhone(ValueError):
    """Not a mainland mobile number; the text never repeats any of it."""


def is_mobile(text: str) -> bool:
    """Whether a text is a mobile number as `parse` gives it."""
    return _NATIONAL.fullmatch(text) is not None


def parse(text: str) -> str:
    """The eleven digits of a mobile number, written in any usual way (+86, spaces, hyphens). Raises InvalidPhone."""
    if _NATIONAL.fullmatch(text):
        return text
    if len(text) <= _LONGEST:
        try:
            number = phonenumbers.parse(text, "CN")
        except phonenumbers.NumberParseException:
            pass
        else:
            digits = str(number.national_number)
            if number.country_code == 86 and number.extension is None and _NATIONAL.fullmatch(digits):
                return digits
    raise InvalidPhone("not a mobile number of mainland China")
