"""One request on its way through the phases of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock.access.door import Door

if TYPE_CHECKING:
    from ddbmock.access.intent import Intent, Request, Response
    from ddbmock.access.operation import Operation
    from ddbmock.engine.backend import Region


class Call:
    """One request, and what each phase has made of it so far."""

    #: Whether the call may be a part of a block that holds the backend's lock already.
    is_within_block = False

    __slots__ = (
        "body",
        "door",
        "error",
        "input_shape",
        "intent",
        "is_validated",
        "operation",
        "region",
        "request",
        "response",
    )

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
        #: The row of the operation.
        self.operation = operation
        #: The decoded JSON; it belongs to the service.
        self.request = request
        self.region = region
        #: botocore's shape of the operation's input.
        self.input_shape = input_shape
        #: Whether botocore has checked the types of the members already.
        self.is_validated = is_validated
        #: What the request was decoded from.
        self.body = body
        #: What the request is about; None until it has been read.
        self.intent: Intent | None = None
        #: How the operation reaches tables, with what it consumed so far.
        self.door = Door(region)
        #: The answer; None until there is one.
        self.response: Response | None = None
        #: What ended the call in place of an answer: an error of the service, or a bug.
        self.error: BaseException | None = None


class CallWithinBlock(Call):
    """A request that ddbmock makes of itself."""

    __slots__ = ()

    is_within_block = True
