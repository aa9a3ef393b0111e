"""`mailbot train`, and `classify` and `evaluate` with what an installation has learnt: a small school is shipped."""

import json
from pathlib import Path
from typing import Any

import pytest

from mailbot import settings, shipped
from mailbot.casework.labels import Label
from mailbot.clock import system_clock
from mailbot.mailboxes.delivery import deliver
from mailbot.store import corrections
from mailbot.store.database import open_store
from tests.cli.conftest import Typed
from tests.cli.test_store_commands import _INIT
from tests.flows.school import KETTLES, SAID, make_school, write_rows

pytestmark = pytest.mark.slow  # the whole is started several times

_OWN = "The heron at the weir is {} and grumbles about the regatta again."


@pytest.fixture
def desk(typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """An installation whose shipped classifier is a small one, with a folder of its own."""
    shelf = tmp_path / "shipped"
    make_school(shelf / "message_kind")
    (shelf / "safeguarding").symlink_to(shipped.folder("classifiers") / "safeguarding")
    folder = shipped.folder
    monkeypatch.setattr(shipped, "folder", lambda name: shelf if name == "classifiers" else folder(name))
    assert typed(*_INIT, "--host", "").code == 0
    (tmp_path / "classifiers" / "message_kind").mkdir(parents=True)
    config = tmp_path / "mailbot.toml"
    words = config.read_text().replace("go_live = 2", "go_live = 2020-01-01T00:00:00Z # 2")
    config.write_text(words.replace("[folders]", '[folders]\nclassifiers = "classifiers"'))
    return typed


def corrected(desk: Typed, tmp_path: Path, label: Label, *texts: str) -> None:
    """Messages come, and somebody says what they are."""
    for number, text in enumerate(texts):
        head = f"From: p{number}@home.example\nMessage-ID: <{number}@home.example>\n\n"
        deliver(tmp_path / "mail", f"{head}{text}\n".encode())
    assert desk("run", "--once").code == 0
    store = open_store(settings.load(tmp_path / "mailbot.toml").database)
    with store.write() as connection:
        for id in range(1, len(texts) + 1):
            corrections.remember(connection, id, label, "other", "team@provider.example", system_clock())
    store.close()


def row(text: str, **more: Any) -> str:
    return json.dumps({"id": "mine", "procedure": "restart", "body": text} | more)


def test_train_tells_what_came_of_it_as_json_and_in_words(desk: Typed, tmp_path: Path) -> None:
    corrected(desk, tmp_path, Label.CONTRIBUTION_REQUEST, *map(KETTLES.format, ("one", "two", "three")))
    first = desk("train", "--json")
    trial = json.loads(first.out)
    assert (first.code, trial["corrections"], trial["accepted"]) == (0, 3, True)
    assert trial["after"]["macro_f1"]["value"] >= trial["before"]["macro_f1"]["value"]
    again = desk("train")
    assert again.code == 0
    assert "3 corrections: nothing new to learn from" in again.out
    assert "in use: macro F1 1.000" in again.out


def test_a_refused_model_is_a_finding(desk: Typed, tmp_path: Path) -> None:
    write_rows(tmp_path / "shipped" / "message_kind" / "validation" / "kept.jsonl", ("ticket",))
    corrected(desk, tmp_path, Label.OTHER, *[SAID[Label.ICE_CORRESPONDENCE].format("ticket")] * 24)
    answer = desk("train", "--json")
    assert answer.code == 1
    assert json.loads(answer.out)["reason"].startswith("the new model is not taken: ")
    assert not (tmp_path / "cache" / "learned").exists()


def test_with_a_configuration_what_was_learnt_here_is_used(desk: Typed, tmp_path: Path) -> None:
    corrected(desk, tmp_path, Label.CONTRIBUTION_REQUEST, *map(KETTLES.format, ("one", "two", "three")))
    desk("train")
    asked = row(KETTLES.format("four"), label="contribution_request")
    (tmp_path / "asked.jsonl").write_text(asked, "utf-8")
    shares = {}
    for name, options in (("shipped", []), ("own", ["--config", "mailbot.toml"])):
        said = json.loads(desk("classify", "asked.jsonl", "--json", *options).out)
        report = json.loads(desk("evaluate", "asked.jsonl", "--json", *options).out)
        shares[name] = said["probabilities"]["contribution_request"]
        assert report["accuracy"]["count"] == (said["label"] == "contribution_request")
    assert shares["own"] > shares["shipped"] + 0.1


def test_with_a_configuration_its_own_examples_are_used(desk: Typed, tmp_path: Path) -> None:
    own = [row(_OWN.format(how), id=how, label="ice_correspondence") for how in ("wet", "cross", "tired")]
    (tmp_path / "classifiers" / "message_kind" / "ours.jsonl").write_text("\n".join(own), "utf-8")
    (tmp_path / "asked.jsonl").write_text(row(_OWN.format("late")), "utf-8")
    shares = [
        json.loads(desk("classify", "asked.jsonl", "--json", *options).out)["probabilities"]
        for options in ([], ["--config", "mailbot.toml"])
    ]
    assert shares[1]["ice_correspondence"] > shares[0]["ice_correspondence"] + 0.1


def test_with_a_configuration_its_own_procedures_are_known(desk: Typed, tmp_path: Path) -> None:
    council = (shipped.folder("rules") / "procedures" / "council.toml").read_text("utf-8")
    own = tmp_path / "rules" / "procedures"
    own.mkdir(parents=True)
    (own / "northbank.toml").write_text(council.replace('id = "council"', 'id = "northbank"'), "utf-8")
    (tmp_path / "asked.eml").write_text("From: ann@home.example\n\nThank you for your help.\n")
    asked = ("classify", "asked.eml", "--procedure", "northbank")
    assert desk(*asked).code == 2
    assert desk(*asked, "--config", "mailbot.toml").code == 0


def test_a_folder_of_ones_own_without_examples_is_named(desk: Typed, tmp_path: Path) -> None:
    (tmp_path / "classifiers" / "message_kind").rmdir()
    answer = desk("train")
    assert answer.code == 2
    assert "there is no folder" in answer.err
    assert "classifiers/message_kind" in answer.err
