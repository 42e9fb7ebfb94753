"""For the reference pages: shows the doctests of docstrings as code."""

from __future__ import annotations

import re
from typing import Any

import griffe

#: A prompt, and what follows it up to a blank line.
_EXAMPLE = re.compile(r"^>>> .*(?:\n(?!\s*$).*)*", re.MULTILINE)


def fenced(text: str) -> str:
    """Return the text with each example in a block of code."""
    return _EXAMPLE.sub(lambda match: f"```pycon\n{match.group()}\n```", text)


class Doctests(griffe.Extension):
    """Sets the examples of docstrings in blocks of code."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Change the docstring of an object that was read."""
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)
