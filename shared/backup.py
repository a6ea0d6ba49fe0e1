"""`python -m services.<name> backup --to DIR` and `restore --from DIR`: a service's own database, while it is worked on.

What the service was told by events since the backup comes back by the replay of those who told it; what it was told over HTTP does
not. `deploy/mongodb.md` says what to do, and in which order.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from shared.service import Service
from shared.storage.backups import CannotBackUp, CannotRestore, back_up, restore

MARGIN = dt.timedelta(days=1)
"""How long before the backup replay begins: what was told then may not have been heard yet when it was made."""


async def write(directory: Path) -> int:
    """Back up, and print what there is; the exit status is 0 where it is whole."""
    try:
        manifest = await back_up(directory)
    except CannotBackUp as error:
        print(f"no backup: {error}", file=sys.stderr)
        return 1
    documents = sum(part.documents for part in manifest.parts)
    print(f"{documents} documents of {len(manifest.parts)} collections, as of {manifest.at.isoformat()}")
    return 0


async def read(service: Service, directory: Path) -> int:
    """Bring a backup back, and print what is to be replayed; the exit status is 0 where all of it is there."""
    try:
        manifest = await restore(directory)
    except CannotRestore as error:
        print(f"not restored: {error}", file=sys.stderr)
        return 1
    since = (manifest.at - MARGIN).isoformat(timespec="seconds")
    for part in manifest.parts:
        print(f"{part.collection}: {part.documents}")
    print(f"as of {manifest.at.isoformat()}. Start {service.name} again; then, in every other service:")
    print(f"replay --since {since}")
    return 0
