"""The base of every table in a rules file: nothing unknown is let through, and a typo names its neighbour."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

UNKNOWN_KEY = "unknown_key"


class Table(BaseModel):
    """A table whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _only_known_keys(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        for key in given:
            if key not in cls.model_fields:
                raise PydanticCustomError(
                    UNKNOWN_KEY,
                    "there is no key '{key}'{near}; allowed here: {allowed}",
                    {"key": key, "near": _near(key, cls), "allowed": ", ".join(cls.model_fields)},
                )
        return given


def _near(key: str, table: type[BaseModel]) -> str:
    close = get_close_matches(key, table.model_fields, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
