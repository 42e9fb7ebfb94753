"""Operations on the resource policies of tables and streams."""

from __future__ import annotations
