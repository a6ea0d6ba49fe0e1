"""Synthetic numbers that hold: resident ids (GB 11643), credit codes (GB 32100), mobiles, event ids."""

import random
from datetime import date
from uuid import UUID

_RESIDENT_WEIGHTS = [2**power % 11 for power in range(17, 0, -1)]
_CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MOBILE_PREFIXES = ("135", "138", "139", "150", "158", "177", "181", "186", "189", "198")


def resident_id(region: str, birth: date, serial: int) -> str:
    """An 18-character resident id number; `serial` is 0 to 999, odd for a man."""
    body = f"{region}{birth:%Y%m%d}{serial:03d}"
    remainder = sum(weight * int(digit) for weight, digit in zip(_RESIDENT_WEIGHTS, body, strict=True)) % 11
    check = (12 - remainder) % 11
    return body + ("X" if check == 10 else str(check))


def credit_code(rng: random.Random, region: str) -> str:
    """An enterprise's unified social credit code, with the organisation code's own check character in it."""
    digits = [rng.randrange(10) for _ in range(8)]
    check = -sum(weight * digit for weight, digit in zip((3, 7, 9, 10, 5, 8, 4, 2), digits, strict=True)) % 11
    body = f"91{region}{''.join(map(str, digits))}{'X' if check == 10 else check}"
    total = sum(3**place % 31 * _CREDIT_CHARACTERS.index(character) for place, character in enumerate(body))
    return body + _CREDIT_CHARACTERS[(31 - total % 31) % 31]


def broken(number: str) -> str:
    """The same number with a last digit that does not fit."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def mobile(rng: random.Random) -> str:
    return rng.choice(_MOBILE_PREFIXES) + f"{rng.randrange(10**8):08d}"


def event_id(rng: random.Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))
