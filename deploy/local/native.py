"""The native database: SecantusDB's Rust server, built once into the user's cache folder, where every clone finds it.

`make native` builds it. GPL-2.0, as the Python server is: a process of its own for one machine and tests, never in the
services' images.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

NAME, CRATE, VERSION = "secantusd-rs", "secantus-mdb", "0.5.3-beta.196"
NEEDED = {
    "cargo": "cargo (Rust 1.95 was tried: https://rustup.rs)",
    "cmake": "cmake (apt install cmake)",
    "cc": "a C compiler (apt install gcc)",
}
PROGRESS = re.compile(rb"\b(\d+)/(\d+)\b")
TELL_EVERY = 30.0
"""Seconds between two lines of progress where the output is no terminal."""


class BuildError(RuntimeError):
    """The server could not be built; the text says what is missing, or where the log is."""


def found() -> Path | None:
    """The server that `make native` built, or else one on the PATH; None where there is none."""
    if os.access(_kept(), os.X_OK):
        return _kept()
    elsewhere = shutil.which(NAME)
    return Path(elsewhere) if elsewhere else None


def build() -> Path:
    """Build the server into the cache folder, unless it is there. Of two who build at once the second waits.

    Raises:
        BuildError: a tool is missing, or the build failed.
    """
    kept = _kept()
    folder = kept.parents[1]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.access(kept, os.X_OK):
            coming = folder.with_name(f"{folder.name}.coming")
            for rest in (coming, folder):
                shutil.rmtree(rest, ignore_errors=True)
            _install(coming)
            coming.rename(folder)
    return kept


def missing() -> list[str]:
    """What the build needs and this machine lacks, in words."""
    return [words for tool, words in NEEDED.items() if shutil.which(tool) is None]


def _kept() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "xindun" / f"{NAME}-{VERSION}" / "bin" / NAME


def _install(folder: Path) -> None:
    if lacking := missing():
        raise BuildError(f"make native lacks {', '.join(lacking)}")
    log = folder.with_name(f"{folder.name}.log")
    command = [
        "cargo",
        "install",
        CRATE,
        "--version",
        VERSION,
        "--locked",
        "--ignore-rust-version",
        "--root",
        str(folder),
    ]
    environment = {**os.environ, "CARGO_TERM_PROGRESS_WHEN": "always", "CARGO_TERM_PROGRESS_WIDTH": "100"}
    with (
        log.open("wb") as kept,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process,
    ):
        assert process.stdout is not None
        for done, total, seconds in _progress(process.stdout, kept):
            _tell(f"building {NAME} {VERSION}: {done} of {total} parts, {seconds // 60:.0f} min {seconds % 60:.0f} s")
    print()
    if process.returncode != 0:
        raise BuildError(f"cargo ended with status {process.returncode}; see {log}")
    log.unlink()


def _progress(output: IO[bytes], log: IO[bytes]) -> Iterator[tuple[int, int, float]]:
    """Parts done, parts in all and seconds gone by, as cargo says them; everything it says goes to the log."""
    began, told = time.monotonic(), 0.0
    pause = 1.0 if sys.stdout.isatty() else TELL_EVERY
    while said := os.read(output.fileno(), 65536):
        log.write(said)
        counts = PROGRESS.findall(said)
        gone = time.monotonic() - began
        if counts and gone - told >= pause:
            told = gone
            yield int(counts[-1][0]), int(counts[-1][1]), gone


def _tell(text: str) -> None:
    if sys.stdout.isatty():
        print(f"\r{text}\033[K", end="", flush=True)
    else:
        print(text, flush=True)


def main() -> None:
    """Build it where it is missing, and say where it is."""
    try:
        print(build())
    except BuildError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
