"""The hook into botocore: events of every client, answered while a mock is active.

    active         which mock answers
    accounts       who a client calls as
    registration   the handlers, and how clients that exist already get them
    before_call    a call that is answered without HTTP
    before_send    a call that botocore signs and sends, answered in place of the network
    companions     calls of CloudWatch and other services beside DynamoDB
    dax            DAX's own client
    clients        credentials and region of clients that have none
    sessions       models that sessions share, as they read the same ones
    serialization  requests that compiled functions check and write
    replacements   what is replaced in other libraries while a mock is active
    retries        waits between the attempts of a call, on the mock's clock
    waiters        waiters while the clock is stopped

1. This folder alone knows botocore's events, and aiobotocore.
2. The handlers are added once, when `registration` is imported, and stay; without an active mock
   they return None at once.
3. A call is answered on before-call (before it is signed and sent) unless something can notice the
   difference: a program's own handlers on the events in between, or botocore's retry loop. Then
   botocore signs, sends and parses as in production, and only the network is replaced.
4. What is replaced in other libraries while a mock is active is listed in one table, in
   `replacements`.
"""

from __future__ import annotations
