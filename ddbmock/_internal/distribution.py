"""What pip calls the package, and where it is developed: everything else takes it from here."""

from __future__ import annotations

#: The name on the package index, where `ddbmock` is a project of others.
NAME = "mock-dynamodb"
#: Where the source, the issues and the releases are.
HOME = "https://github.com/mock-dynamodb/mock-dynamodb"


def install_command(extra: str) -> str:
    """Return the command that installs the package with an extra.

    >>> install_command("yaml")
    "pip install 'mock-dynamodb[yaml]'"
    """
    return f"pip install '{NAME}[{extra}]'"
