"""Unified social credit codes of enterprises and other organisations (GB 32100)."""

import re
from functools import lru_cache
from typing import Final

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

_SHAPE: Final = re.compile(r"[0-9]{8}[0-9A-Za-z]{10}")


class InvalidUscc(ValueError):
    """The code has a wrong shape or check digit."""


@lru_cache(maxsize=8192)
def parse(code: str) -> str:
    """The code in capitals, checked; spaces and hyphens are not taken out. Raises InvalidUscc.

    Codes that hold are remembered: the few hundred of one city come again with every event.
    """
    if _SHAPE.fullmatch(code) is None:
        raise InvalidUscc("not eighteen characters in the shape of a unified social credit code")
    try:
        return str(uscc.validate(code))
    except ValidationError:
        raise InvalidUscc("the check digit of the unified social credit code does not fit") from None
