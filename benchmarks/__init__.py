"""Benchmarks: complete boto3 calls, compared with boto3's own time and with moto.

`make bench` and `make bench-suite` run everything on two releases of botocore, and say which is
which; with BENCH_ARGS=--docs they also write the tables and plots of docs/performance.md. Compare
times within one run only: absolute times on a shared machine mean little.
"""
