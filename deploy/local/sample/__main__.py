"""`python -m deploy.local.sample --out DIR`: write the sample's events and actions as files."""

import argparse
from pathlib import Path

from deploy.local.sample.generator import SEED, generate


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.sample", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder for events.ndjson and actions.ndjson")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    sample = generate(arguments.seed)
    sample.write(arguments.out)
    print(f"{len(sample.events)} events and {len(sample.actions)} actions in {arguments.out}")


if __name__ == "__main__":
    main()
