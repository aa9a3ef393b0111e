"""Teaching the small classifier of harm from the files of its folder."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from mailbot.classify.hunch import Floats, Hunch, windows
from mailbot.classify.wording import KindTable, Reader, Sentence, names_of_pairs, names_of_word, sentences

_RARE = 3  # a feature must occur in this many examples
_ROUNDS = 2  # of finding the sentence that matters in longer harmful mail
_SHORT = 2  # sentences; a harmful text so short is learnt as a whole


@dataclass(frozen=True)
class Wording:
    """One line of a file: what somebody wrote, and whether it tells of harm."""

    id: str
    writer: str
    harm: bool
    category: str | None
    text: str


def read_wordings(folder: Path) -> list[Wording]:
    """Every line of the folder's *.jsonl; the file's name is the writer, for ordinary mail the line's "hand"."""
    return [row for path in sorted(folder.glob("*.jsonl")) for row in _rows(path)]


def _rows(path: Path) -> Iterator[Wording]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            writer = row.get("hand") or path.stem
            category = row.get("category") if row.get("harm") else None
            yield Wording(row["id"], writer, bool(row.get("harm")), category, row["text"])


def learn(rows: Sequence[Wording], categories: Sequence[str], reader: Reader, kinds: KindTable) -> Hunch:
    """The classifier that the rows teach; the same rows always give the same one."""
    harm = [row for row in rows if row.harm]
    parts = [_names(row.text, reader, kinds) for row in harm]
    calm = [
        window for row in rows if not row.harm for window in _all_windows(_names(row.text, reader, kinds))
    ]
    strongest = [[name for part in own for name in part] for own in parts]
    for left in range(_ROUNDS, -1, -1):
        samples = strongest + calm
        columns, rarity = _vocabulary(samples)
        truth = np.arange(len(samples)) < len(strongest)
        weights, bias = _fit(_matrix(samples, columns, rarity), truth)
        if left:
            strongest = [_strongest(own, columns, rarity, weights) for own in parts]
    told = [at for at, row in enumerate(harm) if row.category]
    matrix = _matrix([strongest[at] for at in told], columns, rarity)
    truths = [np.array([harm[at].category == category for at in told]) for category in categories]
    heads = [(weights, bias), *(_fit(matrix, truth) for truth in truths)]
    table = np.column_stack([*(weights * rarity for weights, _ in heads), rarity**2])
    return Hunch(columns, table, np.array([bias for _, bias in heads]), kinds)


def _names(text: str, reader: Reader, kinds: KindTable) -> list[list[str]]:
    """The features of each sentence."""
    return [_names_of(sentence, kinds) for sentence in sentences(reader.words(text))] or [[]]


def _names_of(sentence: Sentence, kinds: KindTable) -> list[str]:
    words = [name for word in sentence for name in names_of_word(word)]
    return [*words, *names_of_pairs(sentence), *kinds.names(sentence)]


def _all_windows(parts: Sequence[Sequence[str]]) -> list[list[str]]:
    """Every window, and the whole where that is longer."""
    places = windows(len(parts))
    if (0, len(parts)) not in places:
        places.append((0, len(parts)))
    return [[name for part in parts[first:behind] for name in part] for first, behind in places]


def _strongest(
    parts: Sequence[Sequence[str]], columns: dict[str, int], rarity: Floats, weights: Floats
) -> list[str]:
    """What a harmful text is learnt by: the window that sounds most like harm so far."""
    every = _all_windows(parts)
    if len(parts) <= _SHORT:
        return every[-1]
    return every[int(np.argmax(_matrix(every[:-1], columns, rarity) @ weights))]


def _vocabulary(samples: Sequence[Sequence[str]]) -> tuple[dict[str, int], Floats]:
    counts = Counter(name for sample in samples for name in set(sample))
    kept = sorted(name for name, count in counts.items() if count >= _RARE)
    rarity = np.array([np.log((1 + len(samples)) / (1 + counts[name])) + 1 for name in kept])
    return {name: column for column, name in enumerate(kept)}, rarity


def _matrix(samples: Iterable[Sequence[str]], columns: dict[str, int], rarity: Floats) -> csr_matrix:
    """One row a sample: rarities, scaled so that a row's occurrences have length one."""
    found = [[column for name in sample if (column := columns.get(name)) is not None] for sample in samples]
    ends = np.concatenate([[0], np.cumsum([len(own) for own in found])])
    places = np.array([column for own in found for column in own], dtype=np.int64)
    rows = np.repeat(np.arange(len(found)), np.diff(ends))
    length = np.sqrt(np.bincount(rows, rarity[places] ** 2, len(found)) + 1e-9)
    matrix = csr_matrix((rarity[places] / length[rows], places, ends), shape=(len(found), len(columns)))
    matrix.sum_duplicates()
    return matrix


def _fit(matrix: csr_matrix, truth: NDArray[np.bool_]) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression  # here: importing it takes a second

    model = LogisticRegression(solver="liblinear", class_weight="balanced", tol=1e-3).fit(matrix, truth)
    return model.coef_[0], float(model.intercept_[0])
