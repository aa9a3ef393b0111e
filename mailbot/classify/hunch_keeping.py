"""Keeping what the small classifier of harm learnt in a file that can be read back without running anything."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from mailbot.classify.hunch import Hunch
from mailbot.classify.wording import KindTable

_CODE = ("wording.py", "phrases.py", "spelling.py", "hunch.py", "hunch_learning.py")


def fingerprint(folder: Path) -> str:
    """A hash over everything that the weights follow from."""
    digest = hashlib.sha256()
    own = [path for path in folder.iterdir() if path.suffix in (".jsonl", ".toml")]
    for path in (*sorted(own), *(Path(__file__).with_name(name) for name in _CODE)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def keep_in(path: Path, hunch: Hunch, version: str) -> None:
    """Write the weights as arrays and JSON, no pickles."""
    arrays: dict[str, Any] = {
        "table": hunch.table.astype(np.float32),
        "bias": hunch.bias,
        "names": np.frombuffer(json.dumps(list(hunch.columns)).encode(), dtype=np.uint8),
        "version": np.array(version),
    }
    np.savez_compressed(path, allow_pickle=False, **arrays)


def kept(path: Path, version: str, kinds: KindTable) -> Hunch | None:
    """The weights that were kept for this very version; None when there are none, or others."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            if str(arrays["version"]) != version:
                return None
            names = json.loads(arrays["names"].tobytes())
            table = arrays["table"].astype(float)
            return Hunch({name: at for at, name in enumerate(names)}, table, arrays["bias"], kinds)
    except (OSError, ValueError, KeyError):
        return None
