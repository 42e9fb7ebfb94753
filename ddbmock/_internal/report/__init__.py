"""Reports of the use of DynamoDB by tests: access patterns, a summary, a page.

1. The measures of a test are plain data, so that they can come from another process; the summary
   and the page are made from nothing else.
2. The measures of a run can be written into a file, and read again.
3. Nothing here is on the path of a call.
"""

from __future__ import annotations

from ddbmock._internal.report.measures import Measures, measure, measure_calls
from ddbmock._internal.report.page import page
from ddbmock._internal.report.patterns import AccessPatterns, Finding, findings
from ddbmock._internal.report.recorded import read_run, write_run
from ddbmock._internal.report.summary import summary_lines

__all__ = [
    "AccessPatterns",
    "Finding",
    "Measures",
    "findings",
    "measure",
    "measure_calls",
    "page",
    "read_run",
    "summary_lines",
    "write_run",
]
