"""The command `ddbmock`: serve tables, list, load, dump and compare them; reports; moto.

1. `parser` defines the arguments, each command has a module, and `states` reads and writes the
   states that commands work on: templates, files and running endpoints.
2. Exit statuses: 0 success, 1 refused, different or to be changed, 2 a wrong command line, 130
   ended by Ctrl-C.
"""

from __future__ import annotations

from ddbmock._internal.command_line.main import main

__all__ = ["main"]
