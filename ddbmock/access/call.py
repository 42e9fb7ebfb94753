"""One request on its way through the phases of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock.access.door import Door

if TYPE_CHECKING:
    from ddbmock.access.intent import Intent, Request, Response
    from ddbmock.access.operation import Operation
    from ddbmock.engine.backend import Region


class Call(Door):
    """One request, and what each phase has made of it so far.

    A call is its own door, as one object costs less than two. Operations get it as a `Door` and
    know no more of it.
    """

    #: Whether the call may be a part of a block that holds the backend's lock already.
    is_within_block = False
    #: What the request is about; None until it has been read.
    intent: Intent | None = None
    #: The answer; None until there is one.
    response: Response | None = None
    #: What ended the call in place of an answer: an error of the service, or a bug.
    error: BaseException | None = None

    def __init__(  # noqa: PLR0913 (what came, and how far it was checked)
        self,
        operation: Operation,
        request: Request,
        region: Region,
        input_shape: Any,
        *,
        is_validated: bool,
        body: bytes | str | None = None,
    ) -> None:
        # As `Door` does, without one call more.
        self.region = region
        self.consumed = {}
        #: The row of the operation.
        self.operation = operation
        #: The decoded JSON; it belongs to the service.
        self.request = request
        #: botocore's shape of the operation's input.
        self.input_shape = input_shape
        #: Whether botocore has checked the types of the members already.
        self.is_validated = is_validated
        #: What the request was decoded from.
        self.body = body

    @property
    def door(self) -> Door:
        """How the operation reaches tables, with what it consumed so far."""
        return self


class CallWithinBlock(Call):
    """A request that ddbmock makes of itself."""

    is_within_block = True
