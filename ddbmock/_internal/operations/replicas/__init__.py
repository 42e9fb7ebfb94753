"""Operations on global tables: groups of tables, each the replica of the others in its region."""

from __future__ import annotations
