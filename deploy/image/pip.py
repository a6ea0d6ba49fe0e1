"""Where this machine's pip has packages from, for a build that must have them from there too."""

import os
from collections.abc import Mapping
from configparser import ConfigParser
from pathlib import Path

TOLD = ("index-url", "extra-index-url", "trusted-host", "proxy", "timeout", "retries")
CERTIFICATES = "/run/secrets/ca.pem"
"""Where deploy/Dockerfile has the authorities that pip trusts."""
SYSTEM = Path("/etc/ssl/certs/ca-certificates.crt")


def files(env: Mapping[str, str] = os.environ) -> list[Path]:
    """The files from which pip reads its configuration here, later ones over earlier ones."""
    home = Path.home()
    own = Path(env.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"
    named = [Path(env["PIP_CONFIG_FILE"])] if env.get("PIP_CONFIG_FILE") else []
    return [Path("/etc/pip.conf"), home / ".pip" / "pip.conf", own, *named]


def settings(read: list[Path], env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What pip is told by its files and, over them, by `PIP_…` variables."""
    parser = ConfigParser(interpolation=None)
    parser.read(read, encoding="utf-8")
    told = {
        name: value
        for part in ("global", "install")
        if parser.has_section(part)
        for name, value in parser[part].items()
    }
    told |= {name.removeprefix("PIP_").lower(): value for name, value in env.items() if name.startswith("PIP_")}
    told = {name.replace("_", "-"): value for name, value in told.items()}
    if "default-timeout" in told:
        told["timeout"] = told.pop("default-timeout")
    return told


def configuration(told: Mapping[str, str]) -> str:
    """A pip.conf for the build, with only what says where packages come from."""
    lines = {name: told[name] for name in TOLD if name in told} | {"cert": CERTIFICATES}
    return "\n".join(["[global]", *(f"{name} = {value}" for name, value in lines.items()), ""])


def certificates(told: Mapping[str, str]) -> Path:
    """The authorities that pip trusts here."""
    return Path(told.get("cert", SYSTEM))
