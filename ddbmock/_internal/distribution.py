"""The name of the distribution and its addresses, defined once."""

from __future__ import annotations

#: The name on the package index, where `ddbmock` is a project of others.
NAME = "mock-dynamodb"
#: The address of the source, the issues and the releases.
HOME = "https://github.com/mock-dynamodb/mock-dynamodb"


def install_command(extra: str) -> str:
    """Return the command that installs the package with an extra.

    >>> install_command("yaml")
    "pip install 'mock-dynamodb[yaml]'"
    """
    return f"pip install '{NAME}[{extra}]'"
