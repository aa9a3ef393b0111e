"""The folder transport: one file a letter, however often it is sent."""

from pathlib import Path

import pytest

from mailbot.errors import TransportUnavailable
from mailbot.transports.folder import FolderTransport, file_name
from mailbot.transports.protocol import Outcome

LETTER = b"Message-ID: <mb.1.2.abc@desk.example>\r\nSubject: Your complaint\r\n\r\nThank you.\r\n"


def test_a_letter_is_written_once_and_a_repeat_is_recognised(tmp_path: Path) -> None:
    out, calls = FolderTransport(tmp_path / "letters"), []
    for _ in range(2):
        receipt = out.send("desk@desk.example", "ann@home.example", LETTER, lambda: calls.append("dot"))
        assert receipt.outcome is Outcome.SENT
    assert [file.read_bytes() for file in out.path.iterdir()] == [LETTER]
    assert receipt.answer.startswith("already written")
    assert calls == ["dot", "dot"]


def test_a_crash_before_the_handing_over_leaves_no_file(tmp_path: Path) -> None:
    def crash() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        FolderTransport(tmp_path).send("desk@desk.example", "ann@home.example", LETTER, crash)
    assert list(tmp_path.iterdir()) == []


def test_one_letter_to_two_people_is_two_files(tmp_path: Path) -> None:
    out = FolderTransport(tmp_path)
    for recipient in ("ann@home.example", "bob@home.example"):
        out.send("desk@desk.example", recipient, LETTER, lambda: None)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"Message-ID: <a.b@desk.example>", "a.b@desk.example_ann@home.example.eml"),
        (b"message-id:\r\n <a.b@desk.example>", "a.b@desk.example_ann@home.example.eml"),
    ],
)
def test_the_file_is_named_by_message_id(header: bytes, name: str) -> None:
    assert file_name(header + b"\r\n\r\nwords", "ann@home.example") == name


@pytest.mark.parametrize(
    "identity", [b"<../../x@y>", b"<" + b"a" * 500 + b"@y>", b"<a b/c@y>", b"", b"<.x@y>"]
)
def test_no_message_id_leads_outside_the_folder(tmp_path: Path, identity: bytes) -> None:
    name = file_name(b"Message-ID: " + identity + b"\r\n\r\nwords", "ann@home.example")
    assert (tmp_path / name).parent == tmp_path
    assert not name.startswith(".")
    assert len(name) < 200


def test_a_folder_that_cannot_be_written_is_the_accounts_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(TransportUnavailable, match="cannot write"):
        FolderTransport(tmp_path / "file").send("a@b.example", "c@d.example", LETTER, lambda: None)
