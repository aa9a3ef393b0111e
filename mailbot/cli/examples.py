"""The classifier's examples: `evaluate` measures it on labelled messages, `train` takes in what people said."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from mailbot import shipped
from mailbot.assembly import example_folders, open_parts, written_examples
from mailbot.classify.classifier import Classifier
from mailbot.classify.classifier import load as load_classifier
from mailbot.classify.corpus import read_file
from mailbot.cli.common import CACHE, DEFAULT_CONFIG, ConfigOption, JsonOption, load, out, print_json
from mailbot.flows import learning
from mailbot.settings import Settings

OwnConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="read as this installation does, with its examples and what it has learnt"),
]
_COLUMNS = ("precision", "recall", "f1")


def register(app: typer.Typer) -> None:
    app.command()(evaluate)
    app.command()(train)


def train(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Learn from what people said messages are; the new model is used only if it is no worse. Restart mailbot then."""
    settings = load(config)
    examples, *own = written_examples(settings)
    trial = learning.train(open_parts(settings), examples, own, learning.kept_examples(examples))
    if as_json:
        print_json(asdict(trial))
    else:
        out.print(f"{trial.corrections} corrections: {trial.reason}", markup=False)
        for name, report in (("in use", trial.before), ("new", trial.after)):
            out.print(f"  {name}: macro F1 {_figure(report['macro_f1'])}", markup=False)
    raise typer.Exit(0 if trial.accepted else 1)


def evaluate(
    files: Annotated[list[Path], typer.Argument(help=".jsonl of labelled messages (see docs/examples.md)")],
    config: OwnConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """How good the classifier is on labelled messages: per label, confusion, calibration, coverage."""
    from mailbot.classify.measure import evaluate as measure  # here: its metrics take a second to import

    examples = [example for file in files for example in read_file(file)]
    report = measure(classifier(load(config) if config else None), examples)
    if as_json:
        print_json(report)
    else:
        _show(report)


def classifier(settings: Settings | None) -> Classifier:
    """The classifier of an installation, as its daemon would load it now; without settings, the shipped one."""
    if settings is None:
        return load_classifier(shipped.folder("classifiers") / "message_kind", CACHE)
    examples, *own = example_folders(settings)
    return load_classifier(examples, settings.cache, own)


def _show(report: dict[str, Any]) -> None:
    out.print(f"{report['messages']} messages")
    for key in ("macro_f1", "accuracy", "answered", "right_when_answered", "complaints_surely_called_other"):
        out.print(f"{key.replace('_', ' ')}: {_figure(report.get(key))}", markup=False)
    out.print(f"calibration error {report.get('ece', 0):.3f}, Brier score {report.get('brier', 0):.3f}\n")
    table = Table("label", *_COLUMNS, "messages", box=None, pad_edge=False)
    for label, figures in report.get("labels", {}).items():
        cells = [f"{figures[name]:.3f}" if figures["support"] else "-" for name in _COLUMNS]
        table.add_row(label, *cells, str(figures["support"]))
    out.print(table)


def _figure(value: Any) -> str:
    """A share with its interval in words."""
    if not isinstance(value, dict):
        return f"{value}"
    if value.get("value") is None:
        return "none"
    return f"{value['value']:.3f} ({value['low']:.3f} to {value['high']:.3f})"
