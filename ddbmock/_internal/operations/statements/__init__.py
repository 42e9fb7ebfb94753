"""Operations that run PartiQL statements."""

from __future__ import annotations
