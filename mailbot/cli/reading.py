"""Reading mail without keeping it: `classify`, and `replay` as a dry run of the whole path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from mailbot import shipped
from mailbot.assembly import folders, open_parts
from mailbot.casework.procedure import Procedure
from mailbot.classify.classifier import Classifier
from mailbot.classify.corpus import evidence_from_corpus, read_rows
from mailbot.classify.safeguarding import Detector, load_detector
from mailbot.classify.verdict import Evidence, Verdict
from mailbot.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, content_of, load, out, print_json
from mailbot.cli.examples import OwnConfigOption, classifier
from mailbot.clock import system_clock
from mailbot.errors import RuleError
from mailbot.flows.rehearsal import Rehearsed, rehearse
from mailbot.mail.message import Message
from mailbot.mail.parse import parse
from mailbot.mail.references import Signer
from mailbot.mail.reply_text import live_text
from mailbot.mail.screen import OurMail, screen
from mailbot.procedures.history import load_all

Files = Annotated[
    list[Path], typer.Argument(help=".eml files, or .jsonl in the form of the labelled examples")
]
_NOBODY = Signer(b"no signature here", "nowhere.example")  # classify knows no mailbox, so nothing is our own


def register(app: typer.Typer) -> None:
    app.command()(classify)
    app.command()(replay)


def classify(
    files: Files,
    procedure: Annotated[
        str, typer.Option("--procedure", help="whose mailbox the messages came to")
    ] = "restart",
    config: OwnConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """What each message is, how sure that is, and whether it may be acknowledged. Nothing is stored."""
    readers = _readers(config)
    if procedure not in readers.procedures:
        raise RuleError(f"there is no procedure {procedure!r}", f"use one of {', '.join(readers.procedures)}")
    for file in files:
        for record in _records(file, procedure, readers):
            if as_json:
                print_json(record)
            else:
                _show(record)


@dataclass(frozen=True)
class _Readers:
    """What reads a message: as shipped, or as an installation has it."""

    classifier: Classifier
    detector: Detector
    procedures: Mapping[str, Procedure]


def _readers(config: Path | None) -> _Readers:
    settings = load(config) if config else None
    rules = folders(settings, "rules") if settings else [shipped.folder("rules")]
    return _Readers(
        classifier(settings),
        load_detector(shipped.folder("classifiers") / "safeguarding"),
        {id: history.latest for id, history in load_all(rules).items()},
    )


def _records(path: Path, procedure: str, readers: _Readers) -> Iterator[dict[str, Any]]:
    if path.suffix == ".jsonl":
        rows = list(read_rows(path))
        questions = [_with_role(evidence_from_corpus(row), readers.procedures) for row in rows]
        verdicts = readers.classifier.classify(questions)
        for row, question, verdict in zip(rows, questions, verdicts, strict=True):
            record = _record(question, verdict, readers.detector, "person", True, [])
            yield {"file": str(path), "id": row.get("id")} | record
        return
    message = parse(content_of(path))
    screening = screen(message, _as_if_ours(message))
    question = _with_role(_evidence(message, procedure), readers.procedures)
    reasons = [f"{reason.rule}: {reason.detail}" for reason in screening.reasons]
    verdict = readers.classifier.classify([question])[0]
    kind, may = screening.kind.value, screening.may_acknowledge
    yield {"file": str(path)} | _record(question, verdict, readers.detector, kind, may, reasons)


def _record(
    question: Evidence, verdict: Verdict, detector: Detector, screened: str, may: bool, reasons: list[str]
) -> dict[str, Any]:
    concern = detector.concern(f"{question.subject}\n{question.live_text}")
    flags = list(verdict.flags) + (
        ["safeguarding"] if concern and "safeguarding" not in verdict.flags else []
    )
    return {
        "label": verdict.label.value,
        "confidence": round(verdict.confidence, 4),
        "probabilities": {label.value: round(share, 4) for label, share in verdict.probabilities.items()},
        "abstained": verdict.abstained,
        "screened": screened,
        "may_acknowledge": may,
        "flags": flags,
        "reasons": [*verdict.reasons, *reasons],
    }


def _evidence(message: Message, procedure: str) -> Evidence:
    sender = message.sender
    return Evidence(
        procedure=procedure,
        subject=message.subject,
        live_text=live_text(message),
        whole_text=message.text,
        from_address=sender.address if sender else "",
        from_name=sender.name if sender else "",
        to_address=message.to[0].address if message.to else "",
        is_reply=bool(message.in_reply_to or message.references),
        attachments=tuple(attachment.name for attachment in message.attachments),
    )


def _with_role(question: Evidence, procedures: Mapping[str, Procedure]) -> Evidence:
    """Whether the sender writes from a partner's address or signs as one, as the rules know it; nobody vouches for it."""
    rules = procedures.get(question.procedure)
    partner = rules.partner(question.from_address, question.live_text) if rules else None
    return replace(question, sender_role=question.sender_role or partner.role) if partner else question


def _as_if_ours(message: Message) -> OurMail:
    """Without a configuration, the message is taken to have come to where it is addressed."""
    sender = message.sender.address.lower() if message.sender else ""
    to = {address.address.lower() for address in (*message.to, *message.cc)} - {sender}
    return OurMail(addresses=frozenset(to), signer=_NOBODY)


def _show(record: dict[str, Any]) -> None:
    sure = "unsure, a person decides" if record["abstained"] else f"{record['confidence']:.0%} sure"
    where = f"{record['file']} {record.get('id') or ''}".strip()
    out.print(f"{where}: {record['label'].replace('_', ' ')} ({sure})", markup=False)
    answer = "may be acknowledged" if record["may_acknowledge"] else "must not be acknowledged"
    out.print(f"    {record['screened'].replace('_', ' ')}, {answer}", markup=False)
    if record["flags"]:
        out.print(f"    flags: {', '.join(record['flags'])}", markup=False)
    for reason in record["reasons"]:
        out.print(f"    - {reason}", markup=False)


def replay(
    files: Annotated[list[Path], typer.Argument(help=".eml files, in the order in which they came")],
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """What would happen to these messages, letters included. A rehearsal on a copy: nothing is stored or sent."""
    mail = [(str(file), content := content_of(file), _received(content)) for file in files]
    for done in rehearse(open_parts(load(config)), mail):
        if as_json:
            print_json(done.as_data())
        else:
            _tell(done)


def _tell(done: Rehearsed) -> None:
    label = done.label.replace("_", " ") or "not classified"
    told = ", ".join(filter(None, (done.case_ref, done.reason)))
    out.print(f"{done.name}\n    {done.state.replace('_', ' ')}: {told} ({label})", markup=False)
    for promise in done.promises:
        out.print(f"    promise: {promise}", markup=False)
    for letter in done.letters:
        out.print(f"    letter {letter.name} to {letter.recipient}: {letter.subject}", markup=False)
        for line in letter.text.splitlines():
            out.print(f"        {line}", markup=False)


def _received(content: bytes) -> datetime:
    """When a file came: its Date, where it has one with an offset, else now."""
    message = parse(content)
    if message.date:
        return message.date
    try:
        date = parsedate_to_datetime(message.first("date"))
    except ValueError:
        return system_clock()
    return date if date.tzinfo else system_clock()
