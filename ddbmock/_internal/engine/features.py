"""Features that need stages of calls once they are used, by name.

A higher floor attaches the stages, see `Backend.use`; until then they cost nothing.
"""

from __future__ import annotations

RESOURCE_POLICIES = "resource policies"
CONTRIBUTOR_INSIGHTS = "contributor insights"
KINESIS_DESTINATIONS = "Kinesis destinations"
