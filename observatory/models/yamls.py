"""YAML as the contracts use it: text stays text.

YAML 1.1 reads ``no`` as false, ``06273505`` as an octal number, ``12:30`` as minutes and
``2024-01-02`` as a date; in a contract each of them is a code, an identifier or a value that
DuckDB casts. What does not belong here: what a contract says (``contracts.py``).
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any, cast

import yaml

from observatory.errors import PermanentError

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _TextLoader(_Base):  # type: ignore[misc]  # the C loader has no stubs
    """A safe loader that turns only true, false, null and plain decimal numbers into values."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Build a mapping; a key that is written twice is an error, never a silent loss."""
        keys = [key.value for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {twice[0]!r} stands there twice", node.start_mark
            )
        return cast("dict[Hashable, Any]", super().construct_mapping(node, deep))


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", "~n\0"),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:e-?[0-9]+)?", "-0123456789"),
):
    _TextLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), list(_first)
    )
_TextLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"$"), [""])


def read(path: Path) -> object:
    """Return what the file says. Raises PermanentError that names the file and the line."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PermanentError(f"is not readable YAML: {error}", where=str(path)) from error
