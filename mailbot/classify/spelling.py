"""Misspellings of a few words that must not be missed: one letter lost, added, changed, or two swapped."""

from collections.abc import Iterable

_SHORTEST = 5  # letters; shorter words have too many honest neighbours


class Speller:
    """Gives back the listed word for its misspellings, and every other word as it is."""

    def __init__(self, listed: Iterable[str]) -> None:
        self._words = frozenset(word for word in listed if len(word) >= _SHORTEST)
        self._meant = {shorter: word for word in sorted(self._words) for shorter in (word, *_one_lost(word))}
        self._known: dict[str, str] = {}

    def right(self, word: str) -> str:
        """The listed word that `word` is, give or take one slip."""
        if len(word) < _SHORTEST - 1:
            return word
        if word not in self._known:
            if len(self._known) > 50_000:  # any stranger can send new words
                self._known.clear()
            self._known[word] = self._look_up(word)
        return self._known[word]

    def _look_up(self, word: str) -> str:
        if word in self._words or word[:-1] in self._words:  # itself, or a plural
            return word
        if len(word) > 30:
            return word
        near = (self._meant.get(form) for form in (word, *_one_lost(word)))
        return next((meant for meant in near if meant and _one_slip(word, meant)), word)


def _one_lost(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(1, len(word))]  # the first letter is seldom wrong


def _one_slip(word: str, meant: str) -> bool:
    """True where the two differ in one place only: both share a head and a tail that meet around it."""
    head = next((at for at, pair in enumerate(zip(word, meant, strict=False)) if pair[0] != pair[1]), None)
    if head is None:
        return abs(len(word) - len(meant)) <= 1
    rest, wanted = word[head:], meant[head:]
    swapped = rest[:2][::-1] == wanted[:2] and rest[2:] == wanted[2:]
    return swapped or rest[1:] == wanted or rest == wanted[1:] or rest[1:] == wanted[1:]
