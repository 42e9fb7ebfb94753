"""Requests as SDKs send them."""

from __future__ import annotations

_AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/dynamodb/aws4_request,"
    " SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature={signature}"
)
_PYTHON = {
    "Host": "localhost:8000",
    "Accept-Encoding": "identity",
    "X-Amz-Target": "DynamoDB_20120810.{operation}",
    "Content-Type": "application/x-amz-json-1.0",
    "User-Agent": "Boto3/1.43.0 md/Botocore#1.43.0 ua/2.1 os/linux#6.1",
    "X-Amz-Date": "{date}",
    "Authorization": _AUTHORIZATION,
    "amz-sdk-invocation-id": "{call_id}",
    "amz-sdk-request": "attempt=1",
    "Content-Length": "{length}",
}
_JAVASCRIPT = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "DynamoDB_20120810.{operation}",
    "content-length": "{length}",
    "x-amz-user-agent": "aws-sdk-js/3.600.0",
    "user-agent": "aws-sdk-js/3.600.0 ua/2.0 os/linux#6.1 lang/js md/nodejs#20.20.2",
    "host": "localhost:8000",
    "amz-sdk-invocation-id": "{call_id}",
    "amz-sdk-request": "attempt=1; max=3",
    "x-amz-date": "{date}",
    "x-amz-content-sha256": "{digest}",
    "authorization": _AUTHORIZATION,
    "Connection": "keep-alive",
}
SDKS = {"Python": _PYTHON, "JavaScript": _JAVASCRIPT}


def sdk_request(
    sdk: str,
    operation: str,
    body: bytes,
    number: int = 0,
    **other_fields: str,
) -> bytes:
    """One of many requests of an SDK, each with a date, an id and a signature of its own."""
    values = {
        "operation": operation,
        "length": len(body),
        "date": f"20260101T{number % 240000:06}Z",
        "signature": f"{number * 7919:064x}",
        "digest": f"{number * 104729:064x}",
        "call_id": f"{number:08x}-0000-4000-8000-{number * 31:012x}",
    }
    fields = {name: text.format(**values) for name, text in SDKS[sdk].items()} | other_fields
    lines = [f"{name}: {text}\r\n" for name, text in fields.items()]
    return f"POST / HTTP/1.1\r\n{''.join(lines)}\r\n".encode() + body
