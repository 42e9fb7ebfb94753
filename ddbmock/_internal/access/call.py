"""One call: a request in the phases of the service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ddbmock._internal.access.door import Door
from ddbmock._internal.arns import is_arn, parse
from ddbmock._internal.policies.callers import Caller

if TYPE_CHECKING:
    from ddbmock._internal.access.intent import Intent, Request, Response
    from ddbmock._internal.access.operation import Operation
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.capacity import Consumed

_ACCOUNT_ID = re.compile("[0-9]{12}")


class Call(Door):
    """One request, and the results of the phases so far.

    A call is its own door, as one object costs less than two. Operations get it typed as a `Door`,
    and use only that.
    """

    #: Whether the call may run within a block that holds the backend's lock already.
    is_within_block = False
    #: The intent of the request; None until it has been read.
    intent: Intent | None = None
    #: The response; None until there is one.
    response: Response | None = None
    #: The exception that ended the call: an error of the service, or a bug.
    error: BaseException | None = None
    #: When it began, where that is measured.
    began_at: float | None = None
    #: The caller; None for the credentials of the default account.
    caller: Caller | None = None
    #: Whether the region of the call is of another account than the caller's.
    is_in_other_account: bool = False
    #: The region of the caller's account, where that is another one.
    _home: Region | None = None

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
        self.region: Region = region
        self.consumed: dict[str, Consumed] = {}
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

    # --- other accounts ---

    def enter_account(self) -> None:
        """Switch to the account of the table, stream or other resource that the request names."""
        if self.intent is None or not self.operation.between_accounts:
            return
        # Of a ResourceArn, the account is checked before the region.
        in_any_region = "ResourceArn" in self.request
        region = _region_of(self.region, self.intent.table_name, in_any_region=in_any_region)
        if region is not self.region:
            self._home, self.region = self.region, region
            self.is_in_other_account = True

    def region_of(self, name: str) -> Region:
        """Return the region of a table, which may be in another account.

        Raises:
            AccessDeniedError: No resource policy allows what the call does in other accounts.
        """
        region = _region_of(self.region, name)
        if region is not self.region:
            if not self.operation.between_accounts:
                return self.region
            self.check_other_accounts()
        return region

    def check_other_accounts(self) -> None:
        """Check that resource policies allow what the call does in other accounts.

        Raises:
            AccessDeniedError: They do not.
        """
        from ddbmock._internal.access import authorization  # noqa: PLC0415 (lazy)

        assert self.intent is not None  # noqa: S101 (it has been read)
        authorization.check_other_accounts(
            self.operation, self.intent, self.home, self.caller_or_default()
        )

    @property
    def home(self) -> Region:
        """The region of the caller's account."""
        return self._home or self.region

    def caller_or_default(self) -> Caller:
        """Return the caller."""
        return self.caller or Caller.of_account(self.home.account_id)

    @property
    def door(self) -> Door:
        """The door of the call, with the units that were consumed so far."""
        return self


def _region_of(region: Region, name: str | None, *, in_any_region: bool = False) -> Region:
    """Return the region that a name or ARN is of: this one, or the same of another account."""
    if name is None or not is_arn(name):
        return region
    arn = parse(name)
    if (
        arn is None
        or arn.service != "dynamodb"
        or (arn.region_name != region.name and not in_any_region)
        or not _ACCOUNT_ID.fullmatch(arn.account_id)
    ):
        return region
    is_own = arn.account_id == region.account_id
    return region if is_own else region.backend.region(region.name, arn.account_id)


class CallWithinBlock(Call):
    """A request that ddbmock itself makes within a block."""

    is_within_block = True
