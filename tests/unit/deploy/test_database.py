"""Which database a machine runs, and how it is spoken to."""

import os
import stat
from pathlib import Path

import pytest

from deploy.local import native
from deploy.local.child import StartError
from deploy.local.database import database_command, database_kind, database_uri


@pytest.fixture(autouse=True)
def _nothing_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without a native database, and nothing asked for."""
    monkeypatch.delenv("DATABASE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))


def program(file: Path, text: str = "") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def built(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "xindun" / f"secantusd-rs-{native.VERSION}" / "bin" / "secantusd-rs"


def test_pips_database_runs_where_no_native_one_is_found(tmp_path: Path) -> None:
    assert database_kind() == "embedded"
    assert database_command(tmp_path / "data", 1)[1:3] == ["-m", "deploy.local.pip_database"]


def test_a_built_native_database_comes_before_one_on_the_path(tmp_path: Path) -> None:
    on_path = program(tmp_path / "path" / "secantusd-rs")
    assert database_command(tmp_path / "data", 1)[0] == str(on_path)
    kept = program(built(tmp_path))
    assert database_kind() == "native"
    assert database_command(tmp_path / "data", 1)[0] == str(kept)


def test_pips_database_is_taken_where_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(built(tmp_path))
    monkeypatch.setenv("DATABASE", "embedded")
    assert database_command(tmp_path / "data", 1)[1:3] == ["-m", "deploy.local.pip_database"]


def test_a_database_holds_in_memory_what_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--cache-size" not in database_command(tmp_path / "data", 1)
    monkeypatch.setenv("DATABASE_CACHE", "2G")
    assert database_command(tmp_path / "data", 1)[-2:] == ["--cache-size", "2G"]


def test_a_missing_native_database_is_said_to_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is asked for."""
    monkeypatch.setenv("DATABASE", "native")
    with pytest.raises(StartError, match="make native"):
        database_command(tmp_path / "data", 1)


def test_an_unknown_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE", "postgres")
    with pytest.raises(ValueError, match="embedded or native"):
        database_kind()


def test_the_native_database_gets_the_drivers_usual_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE", "native")
    assert database_uri(27117) == "mongodb://127.0.0.1:27117/?w=majority"
    monkeypatch.setenv("DATABASE", "embedded")
    assert "retryWrites=false" in database_uri(27117)


def test_what_a_build_needs_is_named_where_it_is_missing() -> None:
    with pytest.raises(native.BuildError, match=r"cargo .*, cmake .*, a C compiler"):
        native.build()


def test_a_build_is_kept_whole_or_not_at_all_and_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, calls = tmp_path / "path", tmp_path / "calls"
    for tool in ("cmake", "cc"):
        program(path / tool)
    cargo = path / "cargo"
    program(cargo, f'echo "$@" >> {calls}; for last; do :; done; mkdir -p "$last/bin"; exit 101')
    monkeypatch.setenv("PATH", f"{path}:{os.defpath}")
    with pytest.raises(native.BuildError, match=r"status 101; see .*\.log"):
        native.build()
    assert native.found() is None
    program(cargo, f'echo "$@" >> {calls}; for l; do :; done; mkdir -p "$l/bin"; cp "$0" "$l/bin/secantusd-rs"')
    assert native.build() == native.build() == native.found() == built(tmp_path)
    assert len(calls.read_text().splitlines()) == 2
