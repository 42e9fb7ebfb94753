"""Reports of what tests did to DynamoDB: as text beside a failure, as a summary, as a page.

1. What is measured of a test is plain data (see `measures`), so that it can come from another
   process; the summary and the page are made of nothing else.
2. Nothing here is on the way of a call.
"""

from __future__ import annotations

from ddbmock.report.failure import failure_text
from ddbmock.report.measures import measure
from ddbmock.report.page import page
from ddbmock.report.summary import summary_lines

__all__ = ["failure_text", "measure", "page", "summary_lines"]
