"""Plain e-mail addresses."""

import re
from typing import Final

LONGEST: Final = 254

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{{2,63}}")


def is_email(text: str) -> bool:
    """Whether a text is an address in ASCII without quotes and comments: nothing that a header or a command could break at."""
    return len(text) <= LONGEST and _EMAIL.fullmatch(text) is not None
