"""Reports of what tests asked of DynamoDB: as text in a failure's report, as a summary, as a page.

1. The measures of a test are plain data, so that they can come from another process; the summary
   and the page are made from nothing else.
2. The measures of a run can be written into a file, and read again.
3. Nothing here is on the path of a call.
"""

from __future__ import annotations

from ddbmock.report.failure import failure_text
from ddbmock.report.measures import Measures, measure
from ddbmock.report.page import page
from ddbmock.report.patterns import Finding, findings
from ddbmock.report.recorded import read_run, write_run
from ddbmock.report.summary import summary_lines

__all__ = [
    "Finding",
    "Measures",
    "failure_text",
    "findings",
    "measure",
    "page",
    "read_run",
    "summary_lines",
    "write_run",
]
