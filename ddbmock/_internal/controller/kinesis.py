"""The records that Kinesis destinations have received, by stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ddbmock._internal.arns import is_arn, parse


class KinesisRecords(Mapping[str, list[dict[str, Any]]]):
    """Stream -> the contents of its records; an empty list for a stream without any."""

    def __init__(self, by_arn: Mapping[str, list[dict[str, Any]]]) -> None:
        self._by_arn = by_arn

    def __getitem__(self, name_or_arn: str) -> list[dict[str, Any]]:
        return [
            record
            for arn, records in list(self._by_arn.items())
            if name_or_arn in {arn, _name(arn)}
            for record in records
        ]

    def __contains__(self, name_or_arn: object) -> bool:
        return any(name_or_arn in {arn, _name(arn)} for arn in list(self._by_arn))

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(map(_name, list(self._by_arn))))

    def __len__(self) -> int:
        return len(set(map(_name, list(self._by_arn))))

    def __repr__(self) -> str:
        return f"<records of {', '.join(self) or 'no streams'}>"


def _name(arn: str) -> str:
    parts = parse(arn) if is_arn(arn) else None
    return arn if parts is None else parts.name
