"""The image, built by buildah on a Debian of debootstrap's, in a store of its own under `var/image`."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.image import pip
from deploy.local.child import PROJECT

DIRECTORY = PROJECT / "var" / "image"
BASE = DIRECTORY / "base"
BASE_NAME = "localhost/xindun-base"
STORE = DIRECTORY / "store"
LOG = DIRECTORY / "build.log"


class BuildFailed(RuntimeError):
    """The image could not be built; the text names the command and the log."""


@dataclass(frozen=True)
class Image:
    """A built image laid open: the folder with its root, and what its configuration says of how it is run."""

    root: Path
    entrypoint: list[str]
    health: list[str]
    environment: dict[str, str]
    user: str
    group: str
    directory: str


def make_base() -> None:
    """Make the image that the build begins from: a small Debian 12 with its Python 3.11. What is there is taken."""
    if not BASE.exists():
        coming = BASE.with_name("base.coming")
        shutil.rmtree(coming, ignore_errors=True)
        _run(
            [
                "debootstrap",
                "--variant=minbase",
                "--include=python3,python3-venv,ca-certificates",
                "bookworm",
                str(coming),
            ]
        )
        coming.rename(BASE)
    shutil.rmtree(STORE, ignore_errors=True)
    container = _buildah("from", "scratch")
    _buildah("add", "--quiet", container, str(BASE), "/")
    _buildah("commit", "--quiet", "--format", "docker", "--rm", container, BASE_NAME)


def build(target: str) -> None:
    """Build a target of deploy/Dockerfile on the base.

    Raises:
        BuildFailed: it cannot be built.
    """
    told = pip.settings(pip.files())
    secret = DIRECTORY / "pip.conf"
    with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(pip.configuration(told))
    try:
        _buildah(
            *("build", "--format", "docker", "--isolation", "chroot", "--file", "deploy/Dockerfile"),
            *("--build-arg", f"BASE={BASE_NAME}", "--target", target, "--tag", f"localhost/{target}"),
            *("--secret", f"id=pip,src={secret}", "--secret", f"id=ca,src={pip.certificates(told)}", "."),
        )
    finally:
        secret.unlink()


def lay_open(target: str) -> Image:
    """A target that was built, with its root as a folder."""
    root = Path(_buildah("mount", _buildah("from", f"localhost/{target}")))
    config = json.loads(_buildah("inspect", "--type", "image", f"localhost/{target}"))["Docker"]["config"]
    user, _, group = config["User"].partition(":")
    return Image(
        root=root,
        entrypoint=config["Entrypoint"],
        health=config["Healthcheck"]["Test"][1:],
        environment=dict(variable.split("=", 1) for variable in config["Env"]),
        user=user,
        group=group,
        directory=config["WorkingDir"],
    )


def megabytes(root: Path) -> float:
    """How much the files under `root` hold."""
    sizes = {}
    for folder, _, names in os.walk(root):
        for name in names:
            status = os.lstat(os.path.join(folder, name))
            sizes[status.st_ino] = status.st_size
    return sum(sizes.values()) / 1e6


def _buildah(*arguments: str) -> str:
    places = ("--root", str(STORE / "root"), "--runroot", str(STORE / "run"), "--storage-driver", "vfs")
    return _run(["buildah", *places, *arguments])


def _run(command: Sequence[str]) -> str:
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("ab") as log:
        done = subprocess.run(
            command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, check=False
        )
        log.write(done.stdout)
    if done.returncode != 0:
        raise BuildFailed(f"{' '.join(command[:8])} … ended with status {done.returncode}; see {LOG}")
    return done.stdout.decode().strip()
