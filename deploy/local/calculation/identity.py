"""Resident id numbers (GB 11643) and unified social credit codes (GB 32100), checked by hand."""

import re
from datetime import date

_RESIDENT = re.compile(r"(\d{2})\d{4}(\d{4})(\d{2})(\d{2})\d{3}[\dX]", re.ASCII)
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
# Provinces, the permits of residents of Taiwan, Hong Kong and Macau (71, 81 to 83), foreign permanent residents (9).
_ISSUERS = frozenset(
    {
        *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66),
        71, 81, 82, 83, *range(90, 100),
    }
)  # fmt: skip

_CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT = re.compile(rf"[{_CREDIT_CHARACTERS}]{{2}}[0-9]{{6}}[{_CREDIT_CHARACTERS}]{{10}}")


def birth_date(number: str) -> date | None:
    """The date of birth in a resident id number (capital X), or None where the number is not one."""
    match = _RESIDENT.fullmatch(number)
    if match is None or int(match[1]) not in _ISSUERS:
        return None
    total = sum(weight * int(digit) for weight, digit in zip(_RESIDENT_WEIGHTS, number, strict=False))
    if _RESIDENT_CHECKS[total % 11] != number[17]:
        return None
    try:
        return date(int(match[2]), int(match[3]), int(match[4]))
    except ValueError:
        return None


def is_credit_code(code: str) -> bool:
    """Whether a text is a unified social credit code with a fitting check character (mod 31)."""
    if _CREDIT.fullmatch(code) is None:
        return False
    total = sum(_CREDIT_CHARACTERS.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return _CREDIT_CHARACTERS[-total % 31] == code[17]
