"""The options of a mock, and of the endpoint's states: one checked object for both."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from ddbmock._internal.buckets.option import check_s3
from ddbmock._internal.calls import STORED_CALLS, CallLog
from ddbmock._internal.engine.expiry import DEFAULT_WINDOW_SECONDS
from ddbmock._internal.engine.lifecycle import DEFAULT_DELAY_SECONDS
from ddbmock._internal.engine.quotas import Quotas
from ddbmock._internal.messages import misuse as messages
from ddbmock._internal.service_model import service_of


def check_kinesis(value: Any) -> None:
    """Refuse a value that cannot be the target of Kinesis records.

    Raises:
        TypeError: It is no list, function or client of Kinesis.
    """
    is_valid = value is None or isinstance(value, list) or service_of(value) == "kinesis"
    if not is_valid and not callable(value):
        expected = "a list, a function or a Kinesis client of boto3"
        raise TypeError(messages.wrong_option("kinesis", expected, value))


_SECONDS, _TRUTH = "True, False or a number of seconds", "True or False"
_LAG = "seconds, a timedelta, or the least and the greatest number of seconds"
#: Option -> its types, and what a text says of them. Others are checked by functions of their own.
_EXPECTED: dict[str, tuple[Any, str]] = {
    "region": (str | None, "a region's name"),
    "isolate": (bool, _TRUTH),
    "share_models": (bool, _TRUTH),
    "compile_requests": (bool, _TRUTH),
    "stream_shards": (int, "a number of shards"),
    "delays": (int | float, _SECONDS),
    "lag": (int | float | timedelta | tuple, _LAG),
    "throughput": (int | float, _SECONDS),
    "chaos": (int | float, "True, False or a probability"),
    "ttl_window": (int | float | timedelta, "seconds or a timedelta"),
    "seed": (int, "a number"),
    "stored_calls": (int | None, "a number of calls, or None for all"),
    "store_responses": (bool, _TRUTH),
    "metrics": (bool, _TRUTH),
    "autoscaling": (bool, _TRUTH),
    "dax": (bool, _TRUTH),
    "db": (str | os.PathLike | None, "a path or None"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of `mock_dynamodb`; all have defaults.

    >>> Options.of({"delays": True}).delay_seconds
    5.0
    """

    #: The region of clients that name none. Default: `AWS_DEFAULT_REGION`, or else us-east-1.
    region: str | None = None
    #: Whether an inner mock has a backend of its own.
    isolate: bool = False
    #: Whether the sessions of boto3 that are created meanwhile share the models that they read.
    share_models: bool = True
    #: Whether functions compiled for their operation check requests and write them as JSON.
    compile_requests: bool = True
    # The options below are of the backend: those of the outermost or isolated mock that creates it.
    #: How many shards a new stream has.
    stream_shards: int = 1
    #: For how many seconds tables and indexes are CREATING, UPDATING, DELETING; True for some.
    delays: bool | float = False
    #: How far eventually consistent reads, and replicas in other regions, are behind: seconds, or
    #: the least and the most of them.
    lag: float | timedelta | tuple[float, float] = 0.0
    #: Whether tables throttle; or for how many seconds unused provisioned units are kept.
    throughput: bool | float = False
    #: Whether calls fail at random; or with what probability.
    chaos: bool | float = False
    #: Quotas that are lower than the service's, by the names of `ddbmock.Quotas`.
    limits: Mapping[str, int] | None = None
    #: How long items stay readable after their time to live, in seconds. Default: 48 hours.
    ttl_window: float | timedelta = DEFAULT_WINDOW_SECONDS
    #: The seed of random choices: of faults, delays and identifiers.
    seed: int = 0
    #: How many calls are stored; None for all.
    stored_calls: int | None = STORED_CALLS
    #: Whether a copy of each response is stored with its call.
    store_responses: bool = False
    #: Where exports of tables go and imports come from: a folder of buckets, the URL of a server,
    #: or an S3 client; None for whatever answers the S3 clients of this process, such as moto.
    s3: Any = None
    #: What takes the records of Kinesis destinations: a list, a function, or a Kinesis client; None
    #: for what answers the Kinesis clients of this process, such as moto.
    kinesis: Any = None
    #: The policies of who calls; None allows everything.
    policy: Any = None
    #: Whether CloudWatch is available, with the metrics of tables and alarms on them.
    metrics: bool = False
    #: Whether Application Auto Scaling is available, and CloudWatch with it.
    autoscaling: bool = False
    #: Whether the control plane of DAX is available.
    dax: bool = False
    #: A database file that has the state; None for memory alone.
    db: str | os.PathLike[str] | None = None

    def __post_init__(self) -> None:
        for name, (kind, expected) in _EXPECTED.items():
            value = getattr(self, name)
            if not isinstance(value, kind) or value == "":
                raise TypeError(messages.wrong_option(name, expected, value))
        if self.stream_shards < 1:
            raise TypeError(
                messages.wrong_option("stream_shards", "a number of shards", self.stream_shards)
            )
        self._check_lag()
        self._check_limits()
        if not 0 <= self.chaos <= 1:
            raise TypeError(messages.wrong_option("chaos", "a probability from 0 to 1", self.chaos))
        check_s3(self.s3)
        check_kinesis(self.kinesis)
        for name, seconds in (
            ("delays", self.delay_seconds),
            ("throughput", float(self.throughput)),
            ("ttl_window", self.window_seconds),
        ):
            if seconds < 0:
                raise TypeError(messages.negative_option(name, getattr(self, name)))

    @property
    def delay_seconds(self) -> float:
        """How long state transitions take."""
        return DEFAULT_DELAY_SECONDS if self.delays is True else float(self.delays)

    @property
    def quotas(self) -> Quotas:
        """The quotas of accounts and tables."""
        return Quotas(**(self.limits or {}))

    def _check_limits(self) -> None:
        if self.limits is None:
            return
        valid = [field.name for field in fields(Quotas)]
        if not isinstance(self.limits, Mapping):
            expected = f"a mapping of {', '.join(valid)} to numbers"
            raise TypeError(messages.wrong_option("limits", expected, self.limits))
        unknown = self.limits.keys() - valid
        if unknown:
            raise TypeError(messages.unknown_limits(unknown, valid))
        given: Mapping[str, Any] = self.limits
        for name, limit in given.items():
            if not isinstance(limit, int) or limit < 0:
                raise TypeError(messages.wrong_option(f"limits[{name!r}]", "a number", limit))

    @property
    def lag_seconds(self) -> tuple[float, float]:
        """The minimum and maximum lag of replicas, in seconds."""
        if isinstance(self.lag, tuple):
            return float(self.lag[0]), float(self.lag[1])
        seconds = self.lag.total_seconds() if isinstance(self.lag, timedelta) else float(self.lag)
        return seconds, seconds

    def _check_lag(self) -> None:
        try:
            low, high = self.lag_seconds
        except (TypeError, ValueError, IndexError):
            raise TypeError(messages.wrong_option("lag", _LAG, self.lag)) from None
        if not 0 <= low <= high:
            raise TypeError(messages.wrong_option("lag", _LAG, self.lag))

    @property
    def window_seconds(self) -> float:
        """How long items stay after their time to live."""
        window = self.ttl_window
        return window.total_seconds() if isinstance(window, timedelta) else float(window)

    def new_log(self) -> CallLog:
        """Return a log of calls."""
        return CallLog(self.stored_calls, store_responses=self.store_responses)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Options:
        """Return the options that are given by name.

        Raises:
            TypeError: An unknown name or an invalid value; the text names the valid ones.
        """
        if not given:
            return DEFAULTS  # they are checked, and never change
        valid = [field.name for field in fields(cls)]
        unknown = given.keys() - valid
        if unknown:
            raise TypeError(messages.unknown_options(unknown, valid))
        return cls(**given)


#: The options of a mock that is given none.
DEFAULTS = Options()
