"""How operations reach data: intents, writes, pages, key ranges and accounting."""

from __future__ import annotations
