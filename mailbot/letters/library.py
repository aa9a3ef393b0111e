"""Letters by name: facts in, subject and two equal parts out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2.nodes import Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailbot.casework.words import plural
from mailbot.errors import RuleError
from mailbot.letters import facts as safe
from mailbot.letters.lint import Finding, findings
from mailbot.letters.page import as_html, as_text
from mailbot.letters.source import Audience, Head, Shelf
from mailbot.letters.words import joined

_LONGEST_SUBJECT_FACT = 60
_LETTER_SLOT = "letter"  # a layout includes the letter by this name


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
        self._bodies = self._environment(finalize=safe.as_words)
        self._subjects = self._environment(finalize=_in_a_subject)
        self._frame = self._environment(autoescape=True).from_string(self.shelf.text("frame.html"))
        self._needs: dict[str, dict[str, str]] = {}

    def names(self) -> list[str]:
        return self.shelf.names("letters")

    def head(self, name: str) -> Head:
        """What the letter says of itself: when it is sent, to whom, whether a person approves it."""
        return self.shelf.source(f"letters/{name}.md").head

    def render(self, name: str, facts: Mapping[str, object]) -> Rendered:
        """The letter with these facts; RuleError names the letter and each fact that it lacks."""
        head = self.head(name)
        known = dict.fromkeys(self.optional(name)) | dict(facts)
        self._refuse_missing(name, known)
        known = safe.clean(known)
        try:
            subject = self._subjects.from_string(_subject(head)).render(known)
            known[_LETTER_SLOT] = f"letters/{name}.md"
            words = self._bodies.get_template(_layout(head)).render(known)
        except TemplateError as error:
            raise RuleError(
                f"letter {name}: {error.message}", "pass the fact, or put it inside {% if %}"
            ) from error
        html = self._frame.render(subject=subject, body=as_html(words))
        return Rendered(subject=subject, text=as_text(words), html=html)

    def preview(self, name: str) -> Rendered:
        """The letter with its sample facts."""
        return self.render(name, self.sample(name))

    def sample(self, name: str) -> dict[str, object]:
        """The sample facts: those of its audience in samples.toml, then those in its own head."""
        head = self.head(name)
        return self.shelf.samples[head.audience] | dict(head.sample)

    def needs(self, name: str) -> dict[str, str]:
        """Every fact the letter uses, optional ones too, with the file that uses it."""
        if name not in self._needs:
            head = self.head(name)
            files = self.files(name)
            used = {fact: file for file in files for fact in meta.find_undeclared_variables(self._tree(file))}
            subject = self._parsed(_subject(head), f"the subject of letter {name}")
            used |= dict.fromkeys(meta.find_undeclared_variables(subject), f"letters/{name}.md")
            self._needs[name] = {fact: file for fact, file in used.items() if fact != _LETTER_SLOT}
        return self._needs[name]

    def files(self, name: str) -> list[str]:
        """The letter's own file, its layout and every block that either includes, each once."""
        found = [f"letters/{name}.md", _layout(self.head(name))]
        for file in found:
            blocks = meta.find_referenced_templates(self._tree(file))
            found += [block for block in blocks if block and block not in found]
        return found

    def optional(self, name: str) -> set[str]:
        """The facts that may be missing, as the letter, its layout and its blocks declare them."""
        return {fact for file in self.files(name) for fact in self.shelf.source(file).head.optional}

    def check(self) -> list[Finding]:
        """Everything wrong with the words on the shelf, see lint.py."""
        return findings(self)

    def _environment(self, **options: object) -> ImmutableSandboxedEnvironment:
        environment = ImmutableSandboxedEnvironment(
            loader=FunctionLoader(lambda name: self.shelf.source(name).words),
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            **options,
        )
        environment.filters |= {"prose": safe.Prose, "plural": plural, "joined": joined}
        return environment

    def _tree(self, file: str) -> Template:
        source = self.shelf.source(file)
        return self._parsed(source.words, str(source.path), source.first_line)

    def _parsed(self, words: str, where: str, first_line: int = 1) -> Template:
        try:
            return self._bodies.parse(words)
        except TemplateSyntaxError as error:
            where = f"{where}, line {first_line + error.lineno - 1}"
            raise RuleError(
                f"{where}: {error.message}", "each {% if %} and {% for %} needs its end"
            ) from error

    def _refuse_missing(self, name: str, known: Mapping[str, object]) -> None:
        missing = [f"{fact} (used in {file})" for fact, file in self.needs(name).items() if fact not in known]
        if missing:
            raise RuleError(
                f"letter {name} lacks {', '.join(sorted(missing))}", "pass it, or list it as optional"
            )
        for block in self.head(name).must_include:
            if f"blocks/{block}.md" not in self.files(name):
                raise RuleError(
                    f"letter {name} lacks the block {block}", f'add {{% include "blocks/{block}.md" %}}'
                )


def _layout(head: Head) -> str:
    return f"layouts/{head.layout or head.audience}.md"


def _subject(head: Head) -> str:
    """Readers outside always see the reference at the end, where their reply keeps it."""
    return head.subject if head.audience is Audience.STAFF else head.subject + " [{{ ref }}]"


def _in_a_subject(value: object) -> str:
    return safe.one_line(str(value), _LONGEST_SUBJECT_FACT)
