"""A web page to browse tables, at `/` of an endpoint and by `ddb.console()`.

    console     which page answers a request, and who may change something
    requests    requests, responses and links
    markup      HTML, escaped
    layout      what all pages have
    tables      the list of tables, and one table's settings and stream
    items       items: browse, query
    item        one item: edit, create, delete
    calls       the recorded calls
    clock       the clock
    faults      the faults
    throughput  what is left of the throughput, and what was throttled
    regions     the regions: isolate, heal
    listening   an HTTP server for a mock of this process

1. Pages are complete HTML with one style sheet: no script, no build step, usable by keyboard and on
   a phone. GET changes nothing.
2. What a page reads and writes is not among the recorded calls. Writes are requests to the service,
   which checks them as it checks every other.
3. A page changes something only when the request comes from a page of the console itself.
"""

from __future__ import annotations

from ddbmock._internal.console.console import Console
from ddbmock._internal.console.listening import attach
from ddbmock._internal.console.requests import Request, Response, is_for_console

__all__ = ["Console", "Request", "Response", "attach", "is_for_console"]
