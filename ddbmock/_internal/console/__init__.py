"""A web page to browse tables, at `/` of an endpoint and by `ddb.console()`.

    console     routing of requests to pages, and the protection of forms
    requests    requests, responses and links
    markup      HTML, escaped
    layout      the common parts of all pages
    tables      the list of tables, and one table's settings and stream
    items       items: browse, query
    item        one item: edit, create, delete
    calls       the recorded calls
    clock       the clock
    faults      the faults
    throughput  the available throughput, and what was throttled
    regions     the regions: isolate, heal
    listening   an HTTP server for a mock of this process

1. Pages are complete HTML with one style sheet: no script, no build step, usable by keyboard and on
   a phone. GET changes nothing.
2. Reads and writes of pages are not recorded as calls. Writes are requests to the service, which
   checks them like all others.
3. Changes are accepted only from pages of the console itself.
"""

from __future__ import annotations

from ddbmock._internal.console.console import Console
from ddbmock._internal.console.listening import attach
from ddbmock._internal.console.requests import Request, Response, is_for_console

__all__ = ["Console", "Request", "Response", "attach", "is_for_console"]
