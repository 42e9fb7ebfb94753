"""Operations that execute PartiQL statements."""

from __future__ import annotations
