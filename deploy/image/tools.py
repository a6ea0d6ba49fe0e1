"""What the image is built and run with besides Python: Debian's packages, and root's right to mount."""

import os
import shutil
import subprocess

from deploy.local import native

PACKAGES = {
    "buildah": "buildah",
    "debootstrap": "debootstrap",
    "unshare": "util-linux",
    "java": "openjdk-17-jre-headless",
    "mvn": "maven",
}
"""Commands, by the Debian package that brings them."""


class Missing(RuntimeError):
    """The check cannot run here; the text says what it needs."""


def need() -> None:
    """See that everything is there; in CI (`CI=true`) install what is not.

    Raises:
        Missing: this is not root, the native database is wanted and not there, or a tool is missing and this is not CI.
    """
    if os.geteuid() != 0:
        raise Missing("the image is built in a root of its own and run in mounts of its own: run this as root")
    if os.environ.get("DATABASE") == "native" and native.found() is None:
        raise Missing("the image check needs the native database: make native builds it")
    lacking = sorted(package for command, package in PACKAGES.items() if shutil.which(command) is None)
    if not lacking:
        return
    if os.environ.get("CI") != "true":
        raise Missing(f"the image check lacks {', '.join(lacking)}: apt install {' '.join(lacking)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "--quiet=2"], env=quiet, check=True)
    install = ["apt-get", "install", "--yes", "--quiet=2", *lacking]
    subprocess.run(install, env=quiet, check=True)
