"""The target of a form, if there are several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.console.markup import Markup, element
from ddbmock._internal.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.console.place import Target
    from ddbmock._internal.console.requests import Request

FIELD = "of"


def hidden(target: Target) -> Markup:
    """Return the hidden field with the target of a form."""
    return element("input", type="hidden", name=FIELD, value=target.name)


def chosen(request: Request, targets: Sequence[Target]) -> Target:
    """Return the target of a form.

    Raises:
        MisuseError: It no longer exists.
    """
    for target in targets:
        if target.name == request.form.get(FIELD):
            return target
    raise MisuseError("what the form is about is not there any more")
