"""How fast ddbmock is: whole boto3 calls, against what boto3 itself costs and against moto.

`make bench` runs everything and prints ratios; `python -m benchmarks --docs` also writes the tables
and plots of docs/performance.md. Times on a shared machine mean little: compare within one run.
"""
