"""`python -m deploy.image`: build the image, run the system from it, and measure it; exit status 0 if all is right.

Everything is under `var/image`; `report.json` there has what was measured.
"""

import asyncio
import json
import os
import sys

from rich.console import Console

from deploy.image import tools
from deploy.image.build import BASE, DIRECTORY, BuildFailed, build, lay_open, make_base, megabytes
from deploy.image.trial import Unhealthy, trial
from deploy.local.child import StartError
from deploy.local.demo.client import CallFailed
from deploy.local.demo.settling import NotSettled
from deploy.local.ports import PortsTaken
from deploy.local.run import NotPossible

MOST_MEGABYTES = 250
"""How much the image may add to its base."""
READY_SECONDS = 3
"""How soon a process should be ready: said, and not demanded, since it depends on the machine."""


def check(console: Console) -> list[str]:
    """Build, run and measure; what is wrong, in words."""
    tools.need()
    console.print("making the base", style="bold")
    make_base()
    console.print("building the image", style="bold")
    build("service")
    console.print("building the image of the stand-ins", style="bold")
    build("sandbox")
    service, sandbox = lay_open("service"), lay_open("sandbox")
    base = megabytes(BASE)
    added = megabytes(service.root) - base
    found = asyncio.run(trial(DIRECTORY / "run", service, sandbox, console))
    report = {"base_megabytes": round(base), "added_megabytes": round(added), **found}
    (DIRECTORY / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    console.print(f"the image adds {added:.0f} MB to a base of {base:.0f} MB (at most {MOST_MEGABYTES})")
    for name, seconds in found["ready"].items():
        late = f" (should be {READY_SECONDS} at most)" if seconds > READY_SECONDS else ""
        console.print(f"{name}: {found['handled'][name]} handled; started alone, ready after {seconds} s{late}")
    wrong = [] if found["right"] else ["not every figure is right"]
    wrong += [
        f"{name} has done nothing" for name, count in found["handled"].items() if not count and "-worker-" in name
    ]
    return wrong + ([f"the image adds {added:.0f} MB"] if added > MOST_MEGABYTES else [])


def main() -> None:
    """Run the check on Apache Kafka and the native database, unless the environment asks for others."""
    os.environ.setdefault("BROKER", "apache")
    os.environ.setdefault("DATABASE", "native")
    try:
        wrong = check(Console(width=None if sys.stdout.isatty() else 120))
    except (
        tools.Missing,
        BuildFailed,
        NotPossible,
        PortsTaken,
        StartError,
        CallFailed,
        NotSettled,
        Unhealthy,
    ) as error:
        sys.exit(str(error))
    sys.exit("; ".join(wrong) or 0)


main()
