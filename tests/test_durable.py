"""Durable files: whole or absent, never overwritten."""

import os
from pathlib import Path

import pytest

from mailbot.durable import write_new


def test_a_file_appears_whole_and_its_scratch_is_gone(tmp_path: Path) -> None:
    assert write_new(tmp_path / "scratch", tmp_path / "letter", b"words") is True
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"letter": b"words"}


def test_a_taken_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter").write_bytes(b"first")
    assert write_new(tmp_path / "scratch", tmp_path / "letter", b"second") is False
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"letter": b"first"}


@pytest.mark.parametrize(("before", "fresh"), [(None, True), (b"first", False)])
def test_a_file_system_without_hard_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes | None, fresh: bool
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    if before is not None:
        (tmp_path / "letter").write_bytes(before)
    assert write_new(tmp_path / "scratch", tmp_path / "letter", b"second") is fresh
    assert (tmp_path / "letter").read_bytes() == (before or b"second")
    assert not (tmp_path / "scratch").exists()
