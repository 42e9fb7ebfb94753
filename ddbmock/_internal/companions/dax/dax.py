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
#: The cluster's name in an endpoint: the first part of its host.
_HOST = re.compile(r"(?:daxs?://)?([^.:/]+)")


def attach(service: Service) -> Dax:
    """Return the service's DAX; the first call adds it."""
    dax = companion_of(service, Dax)
    if dax is None:
        service.companions[SERVICE_NAME] = dax = Dax(service)
    return dax


def cluster_name_of(endpoint: str) -> str:
    """Return the name of the cluster that an endpoint belongs to.

    >>> cluster_name_of("dax://orders.abc123.dax-clusters.us-east-1.amazonaws.com:8111")
    'orders'
    """
    found = _HOST.match(endpoint)
    return endpoint if found is None else found.group(1)


class Dax(Companion):
    """The clusters of all regions of a mock."""

    service_name = SERVICE_NAME
    rows = ROWS

    def invalid_request(self, found: Sequence[Problem]) -> DaxParameterValueError:
        """Return the error for a request that breaks the model's constraints."""
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
        max_entries: int | None,
    ) -> Any:
        """Return a client of a cluster that replaces a client or resource of DynamoDB."""

        def nodes(region_name: str) -> Cluster:
            return self.cluster(
                region_name, cluster, ttl_seconds=ttl_seconds, max_entries=max_entries
            )

        return client_of(nodes, target)

    def cluster_of_endpoint(self, region_name: str, endpoint: str) -> Cluster:
        """Return the data plane of the cluster that an endpoint belongs to."""
        return self.cluster(region_name, cluster_name_of(endpoint))

    def cluster(
        self,
        region_name: str,
        name: str,
        *,
        ttl_seconds: tuple[float | None, float | None] = (None, None),
        max_entries: int | None = None,
    ) -> Cluster:
        """Return the data plane of a cluster; it need not exist in the control plane.

        Args:
            region_name: The cluster's region.
            name: The cluster's name.
            ttl_seconds: The times to live of items and of queries, where they are not those of the
                cluster's parameter group.
            max_entries: The maximum number of entries in each cache.
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

            created = Cluster(
                self.service, region_name, times_to_live, max_entries=max_entries, report=report
            )
            # setdefault is atomic: if two threads create a cluster, both get the same one.
            found = self._clusters.setdefault((region_name, name), created)
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
