"""Ideas: several kinds of word close together, in any order, so that a wording need not have been seen before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from mailbot.classify.phrases import PhraseTable

_NEAR = 16  # words that the parts of one idea may span


@dataclass(frozen=True)
class Idea:
    """One line of the table: the kinds of word that it needs, and those that take it back."""

    needs: frozenset[str]
    unless: frozenset[str]


@dataclass(frozen=True)
class Kinds:
    """The kinds of word that occur in one sentence, in order of place."""

    found: tuple[tuple[int, int, str], ...]  # first word, word after the last, kind

    @cached_property
    def names(self) -> frozenset[str]:
        """The kinds without their places."""
        return frozenset(kind for _, _, kind in self.found)

    def meets(self, idea: Idea) -> tuple[int, int] | None:
        """Where the sentence holds the idea, first word and word after the last; else None."""
        if not idea.needs <= self.names or idea.unless & self.names:
            return None
        for at, (start, _, kind) in enumerate(self.found):
            if kind in idea.needs and (end := self._met_from(at, start, idea.needs)):
                return start, end
        return None

    def _met_from(self, at: int, start: int, needs: frozenset[str]) -> int | None:
        missing, last = set(needs), start
        for begin, end, kind in self.found[at:]:
            if begin >= start + _NEAR:
                return None
            if kind in missing:
                missing.discard(kind)
                last = max(last, end)
            if not missing:
                return last
        return None


class KindTable:
    """The kinds of word that an organisation's table names."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        self._kinds: dict[str, list[str]] = {}
        for kind, lines in table.items():
            for line in lines:
                self._kinds.setdefault(line, []).append(kind)
        self._phrases = PhraseTable(self._kinds)

    def __contains__(self, kind: str) -> bool:
        return any(kind in kinds for kinds in self._kinds.values())

    def sentences(self, words: Sequence[str], stops: frozenset[str]) -> Iterator[Kinds]:
        """The kinds in each sentence of `words`; a phrase that crosses a stop counts where it begins."""
        ends = [at for at, word in enumerate(words) if word in stops]
        ends.append(len(words))
        found: list[tuple[int, int, str]] = []
        for phrase, start, end in self._phrases.found(words):
            while start > ends[0]:
                if found:
                    yield Kinds(tuple(found))
                    found = []
                ends.pop(0)
            found.extend((start, end, kind) for kind in self._kinds[phrase.text])
        if found:
            yield Kinds(tuple(found))


def read_idea(line: str, known: KindTable) -> Idea:
    """The idea that "a + b - c" writes; ValueError for a kind that the table does not name."""
    needs, *unless = (frozenset(part.split(" + ")) for part in line.split(" - "))
    idea = Idea(needs, frozenset().union(*unless))
    if strange := [kind for kind in idea.needs | idea.unless if kind not in known]:
        raise ValueError(f"idea “{line}” speaks of {', '.join(sorted(strange))}, which [words] does not name")
    return idea
