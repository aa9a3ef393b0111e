"""Letters by name: facts in, subject and two equal parts out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import FunctionLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailbot.casework.words import plural
from mailbot.errors import RuleError
from mailbot.letters import facts as safe
from mailbot.letters.anatomy import LETTER_SLOT, Anatomy, dissect, layout_of, subject_of
from mailbot.letters.lint import Finding, findings
from mailbot.letters.page import both_parts
from mailbot.letters.source import Head, Shelf
from mailbot.letters.words import joined

_LONGEST_SUBJECT_FACT = 60


@dataclass(frozen=True)
class Rendered:
    """A letter ready to be composed: `text` and `html` hold the same sentences."""

    subject: str
    text: str
    html: str


class Letters:
    """The letters of some template folders; a later folder overlays an earlier one file by file."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.shelf = Shelf(folders)
        self._bodies = _environment(lambda file: self.shelf.source(file).words, safe.as_words)
        self._subjects = _environment(lambda name: subject_of(self.head(name)), _in_a_subject)
        self._frame = ImmutableSandboxedEnvironment(autoescape=True).from_string(
            self.shelf.text("frame.html")
        )
        self._dissected: dict[str, Anatomy] = {}

    def names(self) -> list[str]:
        return self.shelf.names("letters")

    def head(self, name: str) -> Head:
        """What the letter says of itself: when it is sent, to whom, whether a person approves it."""
        return self.shelf.source(f"letters/{name}.md").head

    def anatomy(self, name: str) -> Anatomy:
        """Its files and facts, read once."""
        if name not in self._dissected:
            self._dissected[name] = dissect(name, self.shelf, self._bodies)
        return self._dissected[name]

    def render(self, name: str, facts: Mapping[str, object]) -> Rendered:
        """The letter with these facts; RuleError names the letter and each fact that it lacks."""
        known = safe.clean(dict.fromkeys(self.anatomy(name).optional) | dict(facts))
        self._refuse_incomplete(name, known)
        known[LETTER_SLOT] = f"letters/{name}.md"
        try:
            subject = self._subjects.get_template(name).render(known)
            words = self._bodies.get_template(layout_of(self.head(name))).render(known)
        except TemplateError as error:
            raise RuleError(
                f"letter {name}: {error.message}", "pass the fact, or put it inside {% if %}"
            ) from error
        text, body = both_parts(words)
        return Rendered(subject=subject, text=text, html=self._frame.render(subject=subject, body=body))

    def preview(self, name: str) -> Rendered:
        """The letter with its sample facts."""
        return self.render(name, self.sample(name))

    def sample(self, name: str) -> dict[str, object]:
        """The sample facts: those of its audience in samples.toml, then those in its own head."""
        head = self.head(name)
        return self.shelf.samples[head.audience] | dict(head.sample)

    def check(self) -> list[Finding]:
        """Everything wrong with the words on the shelf, see lint.py."""
        return findings(self)

    def _refuse_incomplete(self, name: str, known: Mapping[str, object]) -> None:
        anatomy = self.anatomy(name)
        missing = [f"{fact} (used in {file})" for fact, file in anatomy.needs.items() if fact not in known]
        if missing:
            raise RuleError(
                f"letter {name} lacks {', '.join(sorted(missing))}", "pass it, or list it as optional"
            )
        for block in self.head(name).must_include:
            if block not in anatomy.blocks():
                mend = f'add {{% include "blocks/{block}.md" %}}'
                raise RuleError(f"letter {name} lacks the block {block}", mend)


def _environment(load: Callable[[str], str], say: Callable[[object], str]) -> ImmutableSandboxedEnvironment:
    """Templates that cannot reach Python; `say` turns each printed value into words."""
    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load), undefined=StrictUndefined, finalize=say, keep_trailing_newline=True
    )
    environment.filters |= {"prose": safe.Prose, "plural": plural, "joined": joined}
    return environment


def _in_a_subject(value: object) -> str:
    return safe.one_line(str(value), _LONGEST_SUBJECT_FACT)
