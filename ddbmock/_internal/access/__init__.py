"""How operations reach data: intents, the door, writes, pages, key ranges and throttling."""

from __future__ import annotations
