"""Keeping a trained model in a file that can be read back without running anything: arrays and JSON, no pickles."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailbot.casework.labels import Label
from mailbot.classify.features import Features
from mailbot.classify.text_model import TextModel

_CODE = Path(__file__).parent
_NAME = "message_kind"
_MODELS = 6  # the newest are kept: training tries three, and two versions may take turns


def fingerprint(folders: Iterable[Path]) -> str:
    """A hash over everything that the model follows from: examples, this room's code and the libraries' versions."""
    digest = hashlib.sha256(f"{np.__version__} {version('scipy')} {version('scikit-learn')}".encode())
    for folder in (_CODE, *folders):
        for path in sorted(folder.iterdir()):
            if path.suffix in (".py", ".jsonl", ".toml"):
                digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def save(model: TextModel, path: Path) -> None:
    """Write the model beside its place and move it there in one step; a cache that cannot be written is no error."""
    arrays: dict[str, Any] = {
        "weights": model.weights.astype(np.float32),
        "bias": model.bias,
        "kinds": _as_bytes([(label.value, kind) for label, kind in model.kinds]),
        "flags": _as_bytes(model.flags),
        "rarity": model.features.rarity,
        "names": _as_bytes(list(model.features.columns)),
    }
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        Path(name).replace(path)
        _forget_old(path.parent)


def _forget_old(folder: Path) -> None:
    """A model is 30 MB and more, and each change of examples or code makes another."""
    models = sorted(folder.glob(f"{_NAME}-*.npz"), key=lambda path: path.stat().st_mtime)
    for old in models[:-_MODELS]:
        old.unlink(missing_ok=True)


def place_for(version: str, cache: Path) -> Path:
    """Where the model of that fingerprint is kept in a cache."""
    return cache / f"{_NAME}-{version[:20]}.npz"


def read(path: Path) -> TextModel | None:
    """The model that was kept, or None when there is none or it cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            names, kinds, flags = (json.loads(kept[part].tobytes()) for part in ("names", "kinds", "flags"))
            return TextModel(
                Features({name: column for column, name in enumerate(names)}, kept["rarity"]),
                tuple((Label(label), kind) for label, kind in kinds),
                tuple(flags),
                kept["weights"].astype(float),
                kept["bias"],
            )
    except (OSError, ValueError, KeyError):
        return None


def _as_bytes(names: object) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(names).encode(), dtype=np.uint8)
