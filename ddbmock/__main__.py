"""`python -m ddbmock` is the command `ddbmock`."""

from __future__ import annotations

import sys

from ddbmock._internal.command_line import main

if __name__ == "__main__":
    sys.exit(main())
