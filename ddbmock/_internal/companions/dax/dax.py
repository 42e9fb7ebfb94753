"""The companion of DAX: the clusters of a mock, their data plane and their control plane."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from ddbmock._internal.companions.dax.client import client_of
from ddbmock._internal.companions.dax.errors import DaxParameterValueError
from ddbmock._internal.companions.dax.nodes import Cluster
from ddbmock._internal.companions.dax.rows import ROWS
from ddbmock._internal.companions.metrics.catalog import DAX, SeriesId
from ddbmock._internal.companions.operations import Companion, companion_of
from ddbmock._internal.engine.dax import DEFAULT_TTL_SECONDS, DaxCluster, ParameterGroup
from ddbmock._internal.messages.requests import validation_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.companions.metrics import Metrics
    from ddbmock._internal.companions.problems import Problem
    from ddbmock._internal.service import Service

SERVICE_NAME = "dax"
#: The name of the cluster in an endpoint: the first part of its host.
_HOST = re.compile(r"(?:daxs?://)?([^.:/]+)")


def attach(service: Service) -> Dax:
    """Return DAX of a service; it is there from its first use on."""
    dax = companion_of(service, Dax)
    if dax is None:
        service.companions[SERVICE_NAME] = dax = Dax(service)
    return dax


def cluster_name_of(endpoint: str) -> str:
    """Return the name of a cluster by its endpoint.

    >>> cluster_name_of("dax://orders.abc123.dax-clusters.us-east-1.amazonaws.com:8111")
    'orders'
    """
    found = _HOST.match(endpoint)
    return endpoint if found is None else found.group(1)


class Dax(Companion):
    """The clusters of all regions of a mock."""

    service_name = SERVICE_NAME
    rows = ROWS

    def refused(self, found: Sequence[Problem]) -> DaxParameterValueError:
        """Return the error of a request that the model does not allow."""
        return DaxParameterValueError(validation_errors([problem.text for problem in found]))

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self._clusters: dict[tuple[str, str], Cluster] = {}

    def client(
        self,
        target: Any,
        *,
        cluster: str,
        ttl_seconds: tuple[float | None, float | None],
        most_entries: int | None,
    ) -> Any:
        """Return a client of a cluster, in place of a client or resource of DynamoDB."""

        def nodes(region_name: str) -> Cluster:
            return self.cluster(
                region_name, cluster, ttl_seconds=ttl_seconds, most_entries=most_entries
            )

        return client_of(nodes, target)

    def cluster(
        self,
        region_name: str,
        name: str,
        *,
        ttl_seconds: tuple[float | None, float | None] = (None, None),
        most_entries: int | None = None,
    ) -> Cluster:
        """Return the data plane of a cluster; it need not exist in the control plane.

        Args:
            region_name: The cluster's region.
            name: The cluster's name.
            ttl_seconds: The times to live of items and of queries, where they are not those of the
                cluster's parameter group.
            most_entries: How many entries each cache has at most.
        """
        found = self._clusters.get((region_name, name))
        if found is None:

            def times_to_live() -> tuple[float, float]:
                of_items, of_queries = self._ttl_seconds(region_name, name)
                items, queries = ttl_seconds
                return (
                    of_items if items is None else items,
                    of_queries if queries is None else queries,
                )

            def report(metric: str) -> None:
                self._report(region_name, name, metric)

            found = self._clusters[region_name, name] = Cluster(
                self.service, region_name, times_to_live, most_entries=most_entries, report=report
            )
        return found

    def _ttl_seconds(self, region_name: str, name: str) -> tuple[float, float]:
        """Return the times to live of a cluster's parameter group."""
        store = self.backend.region(region_name).store
        cluster = store.of(DaxCluster, in_order=True).records.get(name)
        if cluster is None:
            return DEFAULT_TTL_SECONDS, DEFAULT_TTL_SECONDS
        group = store.of(ParameterGroup, in_order=True).records.get(cluster.parameter_group)
        return (group or ParameterGroup(cluster.parameter_group)).ttl_seconds

    def _report(self, region_name: str, name: str, metric: str) -> None:
        metrics = self.service.companions.get("cloudwatch")
        if metrics is not None:
            region = self.backend.region(region_name)
            for dimensions in ({}, {"ClusterId": name}):
                series = SeriesId.of(metric, DAX, **dimensions)
                cast("Metrics", metrics).add(region, series, 1.0)
