"""The configuration: what is wrong with it is said with file and key, and secrets are never in it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.errors import ConfigurationError
from mailbot.settings import Secret, load

GOOD = """
database = "sqlite:///data/mailbot.db"
signing_key = { env = "MAILBOT_KEY" }

[organisation]
name = "Serco Restart complaints"
domain = "serco.example"
team = ["ruth@serco.example"]
supervisors = ["Anil@serco.example"]
[organisation.contact]
name = "Ruth Hanley"
phone = "0300 555 0100"
post = "1 High Road, Leeds"

[[mailbox]]
name = "restart"
address = "restart@serco.example"
procedure = "restart"
go_live = 2026-04-01T00:00:00Z
[mailbox.server]
kind = "maildir"
path = "mail"

[transport]
kind = "folder"
path = "letters"
"""
IMAP = """
kind = "imap"
host = "mail.serco.example"
port = 993
user = "restart"
password = { file = "secret" }
"""
SMTP = '[transport]\nkind = "smtp"\nhost = "{host}"\nport = 587\ntls = "{tls}"\n'


def written(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "mailbot.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_smallest_configuration_observes_and_changes_nothing(tmp_path: Path) -> None:
    settings = load(written(tmp_path))
    (box,) = settings.mailbox
    assert (box.mode, box.server.filing) == ("observe", "none")
    assert box.go_live == datetime(2026, 4, 1, tzinfo=UTC)
    assert settings.zone.key == "Europe/London"


def test_relative_paths_start_from_the_folder_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, ('kind = "maildir"\npath = "mail"\n', IMAP))
    monkeypatch.chdir("/")
    settings = load(path)
    assert settings.database == f"sqlite:///{tmp_path}/data/mailbot.db"
    assert settings.transport.path == tmp_path / "letters"
    assert settings.mailbox[0].server.password.file == tmp_path / "secret"


def test_absolute_paths_stay(tmp_path: Path) -> None:
    settings = load(
        written(
            tmp_path, ("sqlite:///data/mailbot.db", "sqlite:////srv/mailbot.db"), ('"letters"', '"/srv/out"')
        )
    )
    assert settings.database == "sqlite:////srv/mailbot.db"
    assert settings.transport.path == Path("/srv/out")


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("port = 993", "port = 993000", "mailbox.0.server.imap.port", "65535"),
        ('procedure = "restart"', "", "mailbox.0.procedure", "required"),
        (
            'procedure = "restart"',
            'procedure = "restart"\ncolour = "red"',
            "mailbox.0.colour",
            "not permitted",
        ),
        ("2026-04-01T00:00:00Z", "2026-04-01T00:00:00", "mailbox.0.go_live", "offset"),
        (
            'domain = "serco.example"',
            'domain = "serco.example"\ntimezone = "Leeds"',
            "organisation.timezone",
            "Europe/London",
        ),
        ('team = ["ruth@serco.example"]', "team = []", "organisation.team", "at least 1"),
        ('name = "restart"', 'name = "Restart box"', "mailbox.0.name", "pattern"),
        ("go_live", 'mode = "shout"\ngo_live', "mailbox.0.mode", "'observe', 'draft' or 'send'"),
        ('{ env = "MAILBOT_KEY" }', '{ env = "A", file = "B" }', "signing_key", "exactly one"),
        ('{ env = "MAILBOT_KEY" }', '"hunter2"', "signing_key", "Secret"),
        ('kind = "folder"', 'kind = "pigeon"', "transport", "'smtp', 'folder'"),
    ],
)
def test_a_fault_is_named_with_file_and_key(tmp_path: Path, old: str, new: str, key: str, says: str) -> None:
    changes = (
        [('kind = "maildir"\npath = "mail"\n', IMAP), (old, new)] if old == "port = 993" else [(old, new)]
    )
    path = written(tmp_path, *changes)
    with pytest.raises(ConfigurationError) as raised:
        load(path)
    assert str(path) in raised.value.where
    assert key in raised.value.where
    assert says in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_several_faults_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path, ('procedure = "restart"', ""), ("go_live = 2026-04-01T00:00:00Z", ""))
    with pytest.raises(ConfigurationError, match="1 more after this one"):
        load(path)


def test_two_mailboxes_with_one_address_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    box = GOOD[GOOD.index("[[mailbox]]") : GOOD.index("[transport]")].replace('"restart"\na', '"second"\na')
    path.write_text(GOOD + box.replace("restart@", "Restart@"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="two mailboxes have the address restart@"):
        load(path)


@pytest.mark.parametrize(
    ("host", "tls", "allowed"),
    [
        ("smtp.serco.example", "none", False),
        ("127.0.0.1", "none", True),
        ("localhost", "none", True),
        ("smtp.serco.example", "starttls", True),
    ],
)
def test_clear_text_stays_inside_this_machine(tmp_path: Path, host: str, tls: str, allowed: bool) -> None:
    path = written(tmp_path, (GOOD[GOOD.index("[transport]") :], SMTP.format(host=host, tls=tls)))
    if allowed:
        assert load(path).transport.host == host
    else:
        with pytest.raises(ConfigurationError, match=r"127\.0\.0\.1"):
            load(path)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="mailbot init"):
        load(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("raw", [b"this is = not toml =", b'name = "\xff"'])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "mailbot.toml"
    path.write_bytes(raw)
    with pytest.raises(ConfigurationError, match="cannot be read as TOML"):
        load(path)


def test_staff_are_everybody_who_may_answer_in_lower_case(tmp_path: Path) -> None:
    settings = load(written(tmp_path, ("go_live", 'team = ["Jo@serco.example"]\ngo_live')))
    assert settings.staff == {"ruth@serco.example", "anil@serco.example", "jo@serco.example"}
    assert settings.team_of(settings.mailbox[0]) == ("Jo@serco.example",)


def test_a_secret_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILBOT_TEST_SECRET", "open sesame")
    assert Secret(env="MAILBOT_TEST_SECRET").read("key x") == "open sesame"
    monkeypatch.delenv("MAILBOT_TEST_SECRET")
    with pytest.raises(ConfigurationError, match="MAILBOT_TEST_SECRET is not set"):
        Secret(env="MAILBOT_TEST_SECRET").read("key x")


def test_a_secret_is_read_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("open sesame\n", encoding="utf-8")
    assert Secret(file=tmp_path / "secret").read("key x") == "open sesame"
    with pytest.raises(ConfigurationError, match="key x: cannot read"):
        Secret(file=tmp_path / "none").read("key x")


def test_a_secret_is_what_a_command_prints_and_its_failure_tells_nothing() -> None:
    assert Secret(command="printf 'open sesame\\n'").read("key x") == "open sesame"
    with pytest.raises(ConfigurationError) as raised:
        Secret(command="echo hunter2; exit 3").read("key x")
    assert "hunter2" not in str(raised.value)
