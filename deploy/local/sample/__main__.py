"""`python -m deploy.local.sample --out DIR`: write the sample's events and actions as files."""

import argparse
from pathlib import Path

from deploy.local.sample.generator import SEED, generate
from deploy.local.sample.roster import LEAST, WORKERS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.sample", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder for events.ndjson and actions.ndjson")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--people", type=int, default=WORKERS, help="how many workers (100 at least)")
    parser.add_argument("--work", type=int, default=100, metavar="PERCENT", help="how much each works, of the usual")
    parser.add_argument("--shuffle", type=int, metavar="SEED", help="let the events come in any order")
    asked = parser.parse_args()
    if asked.people < LEAST:
        parser.error(f"--people: at least {LEAST}")
    sample = generate(asked.seed, people=asked.people, work=asked.work, shuffle=asked.shuffle)
    sample.write(asked.out)
    print(f"{len(sample.events)} events and {len(sample.actions)} actions in {asked.out}")


if __name__ == "__main__":
    main()
