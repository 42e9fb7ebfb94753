"""The options of a trigger."""

from __future__ import annotations

from dataclasses import fields

from ddbmock._internal.triggers import TriggerArguments, TriggerOptions


def test_type_checkers_see_every_option():
    names = [field.name for field in fields(TriggerOptions)]
    assert list(TriggerArguments.__annotations__) == names
