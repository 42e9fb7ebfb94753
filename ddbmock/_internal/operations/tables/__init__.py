"""Operations on tables: their life cycle, settings, tags and time to live."""

from __future__ import annotations
