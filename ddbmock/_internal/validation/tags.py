"""The rules of tags: their characters, lengths, reserved keys and number.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import requests as messages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Letters and digits of any script, blanks and a few signs.
_ALLOWED = re.compile(r"[\w\s+\-=.:/@]*")
#: In any case of its letters.
_RESERVED_PREFIX = "aws:"


def check_tags(tags: Sequence[Mapping[str, str]]) -> None:
    """Raise ValidationError for the first invalid tag, or when there are too many.

    >>> check_tags([{"Key": "team", "Value": "blue"}])
    """
    seen = set()
    for tag in tags:
        key = tag.get("Key")
        check_tag_key(key)
        _check_value(tag.get("Value"))
        if key in seen:
            raise ValidationError(messages.duplicate_tag_key(str(key)))
        seen.add(key)
    if len(tags) > limits.TAGS_PER_RESOURCE_MAX:
        raise ValidationError(messages.TOO_MANY_TAGS)


def check_tag_keys(keys: Sequence[str]) -> None:
    """Raise ValidationError for the first invalid key, or when there are too many.

    >>> check_tag_keys(["team"])
    """
    for key in keys:
        check_tag_key(key)
    if len(keys) > limits.TAGS_PER_RESOURCE_MAX:
        raise ValidationError(messages.TOO_MANY_TAGS)


def check_tag_key(key: str | None) -> None:
    """Raise ValidationError when the key of a tag is invalid."""
    if not key or len(key) > limits.TAG_KEY_CHARACTERS_MAX or not _ALLOWED.fullmatch(key):
        raise ValidationError(messages.tag_key_invalid(key))
    if key.lower().startswith(_RESERVED_PREFIX):
        raise ValidationError(messages.tag_key_reserved(key))


def _check_value(value: str | None) -> None:
    if (
        value is None
        or len(value) > limits.TAG_VALUE_CHARACTERS_MAX
        or not _ALLOWED.fullmatch(value)
    ):
        raise ValidationError(messages.tag_value_invalid(value))
