"""Published DynamoDB guides, whose programs and commands run unchanged.

They lie beside the repository (`../shared/seeds`), or where `DDBMOCK_GUIDES` says. Without them
their tests are skipped.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(os.environ.get("DDBMOCK_GUIDES") or Path(__file__).parents[2] / "shared" / "seeds")
MISSING = None if FOLDER.is_dir() else f"the guides are not here: {FOLDER}"


def text_of(guide: str) -> str:
    """Return the text of a guide by its number, such as `004`."""
    (path,) = FOLDER.glob(f"{guide}_*.txt")
    return path.read_text(encoding="utf-8")
