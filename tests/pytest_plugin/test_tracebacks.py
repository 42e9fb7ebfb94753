"""Mistakes of a test: their tracebacks end in the test, and do not go into ddbmock."""

from __future__ import annotations

import re

#: A line of a traceback that names a file of ddbmock or botocore.
FRAME = re.compile(r"\S+/(?:ddbmock|botocore)/\S+")
MISTAKES = [
    "boto3.client('dynamodb').list_tables()",
    "ddbmock.mock_dynamodb().stop()",
    "ddbmock.tables_from('nothing.yaml')",
    "ddbmock.tables_from({'Resources': {}})",
    "TABLES.create(None)",
    "active(lambda ddb: [TABLES.create(ddb), TABLES.create(ddb)])",
    "active(lambda ddb: ddb.load('nothing.jsonl'))",
    "active(lambda ddb: ddb.load({'orders': [{'id': '1'}]}))",
    "active(lambda ddb: ddb.dump('orders.xml'))",
    "active(lambda ddb: ddb.save('nofolder/state.json'))",
    "active(lambda ddb: ddb.tables['orders'])",
    "active(lambda ddb: ddb.restore('mark'))",
    "active(lambda ddb: ddb.clock.advance(-1))",
    "active(lambda ddb: ddb.clock.freeze('soon'))",
    "active(lambda ddb: ddb.calls('Scans'))",
    "active(lambda ddb: ddb.calls.assert_units())",
    "active(lambda ddb: ddb.budget())",
    "active(lambda ddb: ddb.on_change('orders', print))",
    "active(lambda ddb: ddb.faults.add(error='NoSuchError'))",
    "active(lambda ddb: ddb.regions[5])",
    "active(lambda ddb: ddb.accounts['5'])",
    "active(lambda ddb: ddb.throughput)",
    "active(lambda ddb: ddb.as_principal('nothing.json').__enter__())",
]


def test_tracebacks_end_in_the_test(run_apart):
    result = run_apart(f"""
        import ddbmock

        TABLES = ddbmock.tables_from({{"Resources": {{"Orders": {{
            "Type": "AWS::Serverless::SimpleTable", "Properties": {{"TableName": "orders"}},
        }}}}}})

        def active(use):
            with ddbmock.mock_dynamodb() as ddb:
                use(ddb)

        @pytest.mark.parametrize("mistake", {MISTAKES!r})
        def test_it(mistake):
            eval(mistake)
    """, "--tb=short")  # fmt: skip
    result.assert_outcomes(failed=len(MISTAKES))
    reports = re.split(r"^_+ test_it\[(.*)\] _+$", result.stdout.str(), flags=re.MULTILINE)
    frames = {
        mistake: re.findall(
            r"\S+/(?:ddbmock|botocore)/\S+", report.partition("short test summary")[0]
        )
        for mistake, report in zip(reports[1::2], reports[2::2], strict=True)
    }
    assert len(frames) == len(MISTAKES)
    assert {mistake: found for mistake, found in frames.items() if found} == {}


def test_errors_are_named_as_they_are_imported(run):
    result = run("""
        import ddbmock

        def test_it():
            ddbmock.tables_from("nothing.yaml")
    """)
    result.stdout.fnmatch_lines(["E * ddbmock.FileError: nothing.yaml: no such file or folder*"])


def test_a_full_trace_shows_everything(run_apart):
    result = run_apart("""
        def test_it(ddb):
            ddb.clock.freeze("soon")
    """, "--full-trace", "--tb=short")  # fmt: skip
    result.stdout.fnmatch_lines(["*/ddbmock/_internal/*"])


def test_what_the_program_does_inside_of_ddbmock_is_shown(run_apart):
    """A handler is called by ddbmock, and it is the handler that is wrong."""
    result = run_apart("""
        STREAM = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}

        @pytest.mark.ddbmock(tables={**ORDERS, "StreamSpecification": STREAM})
        def test_it(ddb):
            def handler(event):
                ddb.clock.freeze("soon")

            ddb.on_change("orders", handler, maximum_retry_attempts=0)
            put("1")
            ddb.deliver()
    """, "--tb=short")  # fmt: skip
    result.stdout.fnmatch_lines(["*in handler", "*ddb.clock.freeze*", "E  *cannot be set to*"])


def test_templates_that_a_module_reads_when_it_is_imported(run_apart):
    result = run_apart("""
        import ddbmock

        TABLES = ddbmock.tables_from("nothing.yaml")
    """)
    result.stdout.fnmatch_lines(["E * ddbmock.FileError: nothing.yaml: no such file or folder*"])
    assert FRAME.findall(result.stdout.str()) == []
