"""Synthetic numbers of no real person or enterprise."""

import datetime as dt

from stdnum.cn import uscc

from shared.identity.resident_id import check_character


def make(region: str, birth: dt.date, serial: int) -> str:
    """A resident id number that holds; `serial` is 0 to 999, odd for a man, even for a woman."""
    digits = f"{region}{birth:%Y%m%d}{serial:03}"
    return digits + check_character(digits)


def make_uscc(organisation: str = "MA00000X1", region: str = "510600", *, kind: str = "91") -> str:
    """A unified social credit code whose check digit holds; `organisation` has nine characters, `kind` 92 is a sole trader."""
    digits = f"{kind}{region}{organisation}"
    return digits + str(uscc.calc_check_digit(digits))
