"""How fast ddbmock is: whole boto3 calls, against what boto3 itself costs and against moto.

`make bench` and `make bench-suite` run everything on two releases of botocore, and say which is
which; with BENCH_ARGS=--docs they also write the tables and plots of docs/performance.md. Compare
times within one run only: on a shared machine they mean little.
"""
