"""Operations on resource policies: what they say of tables and streams, and how they are read."""

from __future__ import annotations
