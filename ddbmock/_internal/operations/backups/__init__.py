"""Operations on backups, on continuous backups, and restores."""

from __future__ import annotations
