"""Whether a message about a fact is to be sent."""

from __future__ import annotations

from collections.abc import Sequence


def must_tell(told: Sequence[str], says: str, untold: str) -> bool:
    """Whether to send that a fact `says` this. `told`: what was sent of it, in order; `untold`: what holds if nothing was."""
    return says != (told[-1] if told else untold)
