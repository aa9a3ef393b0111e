"""What a letter is made of: its files, the facts they use, and which of those may be missing."""

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment, TemplateSyntaxError, meta
from jinja2.nodes import Template

from mailbot.errors import RuleError
from mailbot.letters.source import Audience, Head, Shelf

LETTER_SLOT = "letter"  # a layout includes the letter by this name


@dataclass(frozen=True)
class Anatomy:
    """One letter taken apart; `files` has its own file, its layout and each block that either includes, once."""

    files: tuple[str, ...]
    needs: Mapping[str, str]  # every fact to the file that uses it, optional ones too
    optional: frozenset[str]  # facts that may be missing

    def blocks(self) -> set[str]:
        """The names of the blocks it holds."""
        return {file.removeprefix("blocks/").removesuffix(".md") for file in self.files}


def dissect(name: str, shelf: Shelf, environment: Environment) -> Anatomy:
    """Read the letter and all it includes; a RuleError names file and line of a wrong tag."""
    letter = f"letters/{name}.md"
    head = shelf.source(letter).head
    files = [letter, layout_of(head)]
    needs: dict[str, str] = {}
    for file in files:
        source = shelf.source(file)
        tree = _parsed(environment, source.words, str(source.path), source.first_line)
        files += [block for block in meta.find_referenced_templates(tree) if block and block not in files]
        needs |= dict.fromkeys(meta.find_undeclared_variables(tree), file)
    subject = _parsed(environment, subject_of(head), f"the subject of letter {name}", 1)
    needs |= dict.fromkeys(meta.find_undeclared_variables(subject), letter)
    needs.pop(LETTER_SLOT, None)
    optional = frozenset(fact for file in files for fact in shelf.source(file).head.optional)
    return Anatomy(tuple(files), needs, optional)


def layout_of(head: Head) -> str:
    return f"layouts/{head.layout or head.audience}.md"


def subject_of(head: Head) -> str:
    """The subject's words; readers outside always see the reference at the end, where their reply keeps it."""
    return head.subject if head.audience is Audience.STAFF else head.subject + " [{{ ref }}]"


def _parsed(environment: Environment, words: str, where: str, first_line: int) -> Template:
    try:
        return environment.parse(words)
    except TemplateSyntaxError as error:
        place = f"{where}, line {first_line + error.lineno - 1}"
        raise RuleError(f"{place}: {error.message}", "each {% if %} and {% for %} needs its end") from error
