"""The guard: a call outside of mocks is an error, and real credentials are never found."""

from __future__ import annotations

import pytest

from tests.pytest_runs import run_subprocess

REFUSED = (
    "*UnmockedCallError: {} was called outside of a mock of DynamoDB, and would have been sent to"
    " https://dynamodb.us-east-1.amazonaws.com/: no mock is active. Ask for the fixture ddb (or"
    " dynamodb_client, dynamodb_resource), mark the test with @pytest.mark.ddbmock, or use"
    " mock_dynamodb. To allow such calls: @pytest.mark.ddbmock_guard(False), --ddbmock-guard=off,"
    " or ddbmock_guard = off in the ini file"
)


def test_a_forgotten_mock(run):
    result = run("""
        def test_forgotten():
            put("1")

        def test_not_forgotten(ddb, dynamodb_client):
            create_table(dynamodb_client)
            put("1")
    """)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["E  " + REFUSED.format("PutItem")])


def test_the_error_has_a_type_of_its_own(run):
    result = run("""
        import ddbmock

        def test_it():
            with pytest.raises(ddbmock.UnmockedCallError):
                boto3.client("dynamodb").list_tables()
            with pytest.raises(ddbmock.MisuseError):
                boto3.client("dynamodbstreams").list_streams()
    """)
    result.assert_outcomes(passed=1)


CLIENTS = """
    import botocore.session, requests_of_another
    from botocore.config import Config
    from ddbmock import UnmockedCallError, mock_dynamodb

    KEYS = {"aws_access_key_id": "REAL", "aws_secret_access_key": "secret"}

    def without_handlers():
        session = botocore.session.Session(include_builtin_handlers=False)
        return session.create_client("dynamodb", "eu-west-1", **KEYS)

    def with_a_handler():
        client = boto3.client("dynamodb", "eu-west-1", **KEYS)
        client.meta.events.register("before-sign", lambda **_: None)
        return client

    KINDS = {
        "plain": lambda: boto3.client("dynamodb"),
        "of a region": lambda: boto3.client("dynamodb", "eu-west-1"),
        "with keys": lambda: boto3.client("dynamodb", "eu-west-1", **KEYS),
        "of an endpoint": lambda: boto3.client("dynamodb", endpoint_url="http://dynamodb.test"),
        "of a session": lambda: boto3.Session(region_name="eu-west-1").client("dynamodb"),
        "of a resource": lambda: boto3.resource("dynamodb").meta.client,
        "without handlers": without_handlers,
        "with a handler": with_a_handler,
    }
    BEFORE = {name: create() for name, create in KINDS.items()}
    with mock_dynamodb():
        DURING = {name: create() for name, create in KINDS.items()}

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("when", ["before", "during", "after"])
    def test_client(kind, when):
        client = {"before": BEFORE, "during": DURING}.get(when, {}).get(kind) or KINDS[kind]()
        with pytest.raises(UnmockedCallError):
            client.list_tables()
        with mock_dynamodb():
            assert table_names(client) == []
        with pytest.raises(UnmockedCallError):
            client.list_tables()
""".replace(", requests_of_another", "")


def test_every_kind_of_client_whenever_it_was_created(run_apart):
    run_apart(CLIENTS).assert_outcomes(passed=24)


def test_asynchronous_clients(run_apart):
    pytest.importorskip("aiobotocore")
    result = run_apart(
        """
        import asyncio
        from aiobotocore.session import get_session
        from ddbmock import UnmockedCallError, mock_dynamodb

        @pytest.mark.parametrize("has_handler", [False, True])
        def test_it(has_handler):
            async def main():
                async with get_session().create_client("dynamodb") as client:
                    if has_handler:
                        client.meta.events.register("before-sign", lambda **_: None)
                    with pytest.raises(UnmockedCallError):
                        await client.list_tables()
                    async with mock_dynamodb():
                        assert (await client.list_tables())["TableNames"] == []
                    with pytest.raises(UnmockedCallError):
                        await client.list_tables()

            asyncio.run(main())
        """
    )
    result.assert_outcomes(passed=2)


def test_clients_that_are_older_than_the_plugin(run_apart, pytester):
    pytester.makepyfile(
        early="""
        import boto3
        client = boto3.client("dynamodb", region_name="eu-west-1")
        """
    )
    result = run_apart(
        """
        import early, ddbmock

        def test_it():
            with pytest.raises(ddbmock.UnmockedCallError):
                early.client.list_tables()
        """,
        "-p",
        "early",
    )
    result.assert_outcomes(passed=1)


def test_a_call_of_a_conftest_that_is_imported(run_apart, pytester):
    pytester.makeconftest("""
        import boto3
        boto3.resource("dynamodb").Table("orders").load()
    """)
    result = run_apart("def test_it(): pass")
    assert result.ret != 0
    result.stderr.fnmatch_lines([REFUSED.format("DescribeTable")])


# --- who may call ------------------------------------------------------------------------------

CALL = """
    from botocore.config import Config
    from ddbmock import UnmockedCallError

    def call(url="http://dynamodb.test"):
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
        nobody = Config(proxies={"http": "http://localhost:1"}, retries={"total_max_attempts": 1})
        client = boto3.client("dynamodb", "eu-west-1", endpoint_url=url, config=nobody, **keys)
        with pytest.raises(Exception) as caught:
            client.list_tables()
        return type(caught.value) is UnmockedCallError
"""


def test_endpoints_of_this_machine_may_be_called(run):
    """Moto's server, DynamoDB Local, `ddbmock.serve()`: none of them is AWS."""
    result = run(
        CALL
        + """
    @pytest.mark.parametrize("host", [
        "localhost", "LOCALHOST", "127.0.0.1", "0.0.0.0", "[::1]", "aws.localhost",
    ])
    def test_here(host):
        assert not call(f"http://{host}:1")

    @pytest.mark.parametrize("host", ["localhost.example", "127.0.0.1.example", "10.0.0.1"])
    def test_elsewhere(host):
        assert call(f"http://{host}:1")
    """
    )
    result.assert_outcomes(passed=9)


def test_an_endpoint_in_this_process(pytester):
    pytester.makepyfile("""
        import boto3, ddbmock

        def test_it():
            with ddbmock.serve() as url:
                client = boto3.client("dynamodb", endpoint_url=url)
                assert client.list_tables()["TableNames"] == []
    """)
    run_subprocess(pytester).assert_outcomes(passed=1)


@pytest.mark.parametrize("text", ["off", "false", "no", "0"])
def test_off_by_the_command_line(run, text):
    result = run(CALL + "\n    def test_it(): assert not call()", f"--ddbmock-guard={text}")
    result.assert_outcomes(passed=1)


def test_off_by_the_ini_file(run, pytester):
    pytester.makeini("[pytest]\nddbmock_guard = off\n")
    run(CALL + "\n    def test_it(): assert not call()").assert_outcomes(passed=1)
    run(CALL + "\n    def test_it(): assert call()", "--ddbmock-guard=on").assert_outcomes(passed=1)


def test_off_with_a_real_engine(run):
    result = run(
        CALL + "\n    def test_it(): assert not call()", "--ddbmock-target=http://localhost:1"
    )
    result.assert_outcomes(passed=1)


def test_a_value_that_is_none(run):
    result = run("def test_it(): pass", "--ddbmock-guard=maybe")
    result.stderr.fnmatch_lines(
        ["*ddbmock_guard (--ddbmock-guard) takes on|off, not 'maybe': whether calls of DynamoDB *"]
    )


def test_off_and_on_by_a_marker(run):
    source = (
        CALL
        + """
    @pytest.fixture(scope="class")
    def wide():
        return call()

    @pytest.mark.ddbmock_guard(False)
    class TestAllowed:
        def test_it(self, wide):
            assert not wide
            assert not call()

        @pytest.mark.ddbmock_guard(True)
        def test_nearer(self):
            assert call()

    def test_refused():
        assert call()

    @pytest.mark.ddbmock_guard(False)
    def test_a_mock_answers_as_ever(ddb):
        assert table_names(boto3.client("dynamodb")) == []
    """
    )
    run(source).assert_outcomes(passed=4)


def test_a_marker_that_says_nothing(run):
    result = run("""
        @pytest.mark.ddbmock_guard
        def test_it(): pass
    """)
    result.stderr.fnmatch_lines(["ERROR: @pytest.mark.ddbmock_guard takes True or False"])


def test_the_marker_is_known(run):
    run("", "--markers").stdout.fnmatch_lines(["@pytest.mark.ddbmock_guard(is_on): whether *"])


def test_moto_is_a_mock_too(run):
    run("""
        from moto import mock_aws
        from ddbmock import UnmockedCallError

        @mock_aws
        def test_moto_answers():
            create_table(boto3.client("dynamodb"))
            assert table_names(boto3.client("dynamodb")) == ["orders"]

        def test_after_it():
            with pytest.raises(UnmockedCallError):
                put("1")
    """).assert_outcomes(passed=2)


def test_stubs_are_mocks_too(run):
    run("""
        from botocore.awsrequest import AWSResponse
        from botocore.stub import Stubber

        class Raw:
            def stream(self):
                yield b'{"TableNames": ["answered"]}'

        def test_stubber():
            client = boto3.client("dynamodb")
            with Stubber(client) as stubber:
                stubber.add_response("list_tables", {"TableNames": ["stubbed"]}, {})
                assert table_names(client) == ["stubbed"]

        def test_a_handler_that_answers():
            client = boto3.client("dynamodb")
            client.meta.events.register("before-send", lambda **_: AWSResponse("", 200, {}, Raw()))
            assert table_names(client) == ["answered"]
    """).assert_outcomes(passed=2)


# --- credentials and region --------------------------------------------------------------------

DUMMIES = """
    import os

    def test_dummies():
        session = boto3.Session()
        assert session.get_credentials().access_key == "DDBMOCKACCESSKEY"
        assert session.region_name == "us-east-1"
        assert boto3.Session().client("sqs").meta.region_name == "us-east-1"
"""


def test_dummies_where_nothing_is_set(run):
    result = run(DUMMIES)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["ddbmock: AWS credentials of this run are dummies (--ddbmock-guard=off for none)"]
    )


def test_other_services_of_a_program_that_is_imported(run_apart, pytester):
    pytester.makepyfile(
        program="""
        import boto3
        orders = boto3.resource("dynamodb").Table("orders")
        queue = boto3.client("sqs")
        """
    )
    result = run_apart(
        """
        import program

        @pytest.mark.ddbmock(tables=ORDERS, region="eu-west-1")
        def test_it(ddb):
            program.orders.put_item(Item={"id": "1"})
            assert ddb.tables["orders"].region == "eu-west-1"
            assert program.queue.meta.region_name == "us-east-1"
        """
    )
    result.assert_outcomes(passed=1)


def test_the_region_of_the_run(run, pytester):
    pytester.makeini("[pytest]\nddbmock_region = eu-west-1\n")
    run("""
        def test_it(ddb):
            assert boto3.Session().client("sqs").meta.region_name == ddb.region == "eu-west-1"
    """).assert_outcomes(passed=1)


def test_a_conftest_may_choose_a_region_where_there_is_none(run_apart, pytester):
    pytester.makeconftest("""
        import os
        os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
    """)
    run_apart("""
        def test_it(ddb):
            assert boto3.Session().client("sqs").meta.region_name == ddb.region == "eu-west-1"
    """).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "settings",
    [
        {"AWS_ACCESS_KEY_ID": "MINE", "AWS_SECRET_ACCESS_KEY": "secret"},
        {"AWS_PROFILE": "work"},
        {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"},
        {"AWS_ROLE_ARN": "arn:aws:iam::1:role/x", "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_credentials_of_the_environment_stay(run, monkeypatch, settings):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    result = run(f"""
        import os

        def test_it():
            found = {{name: value for name, value in os.environ.items() if name in {settings!r}}}
            assert found == {settings!r}
            assert os.environ.get("AWS_ACCESS_KEY_ID") in {{None, "MINE"}}
    """)
    result.assert_outcomes(passed=1)
    assert "dummies" not in result.stdout.str()


def test_profiles_in_files_are_not_found_by_accident(run, monkeypatch, tmp_path):
    path = tmp_path / "credentials"
    path.write_text("[default]\naws_access_key_id = REAL\naws_secret_access_key = secret\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(path))
    run(DUMMIES).assert_outcomes(passed=1)
    run("""
        def test_off():
            assert boto3.Session().get_credentials().access_key == "REAL"
    """, "--ddbmock-guard=off").assert_outcomes(passed=1)  # fmt: skip
    run("""
        @pytest.mark.ddbmock_guard(False)
        def test_off():
            assert boto3.Session().get_credentials().access_key == "REAL"

        def test_on():
            assert boto3.Session().get_credentials().access_key == "DDBMOCKACCESSKEY"
    """).assert_outcomes(passed=2)


def test_a_region_in_a_file_stays(run, monkeypatch, tmp_path):
    path = tmp_path / "config"
    path.write_text("[default]\nregion = eu-west-2\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    run("""
        def test_it():
            assert boto3.Session().client("sqs").meta.region_name == "eu-west-2"
    """).assert_outcomes(passed=1)


def test_a_region_of_the_environment_stays(run, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    run("""
        def test_it(ddb):
            assert boto3.Session().client("sqs").meta.region_name == ddb.region == "eu-west-3"
    """).assert_outcomes(passed=1)


def test_a_profile_that_does_not_exist(run_apart, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nosuch")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    run_apart("""
        from botocore.exceptions import ProfileNotFound

        orders = boto3.resource("dynamodb").Table("orders")

        @pytest.mark.ddbmock(tables=ORDERS)
        def test_it(ddb):
            orders.put_item(Item={"id": "1"})
            boto3.Session(profile_name="neither").resource("dynamodb").Table("orders").load()
            with pytest.raises(ProfileNotFound):
                boto3.client("s3")
    """).assert_outcomes(passed=1)


def test_metadata_of_the_machine_is_not_asked(run_apart, pytester):
    """A conftest that imports the program creates its clients before anything else."""
    pytester.makeconftest("""
        import socket

        def refuse(*arguments):
            raise SystemExit(f"something tried to leave the process: {arguments}")

        socket.socket.connect = socket.getaddrinfo = refuse
        import boto3
        boto3.resource("dynamodb")
        boto3.client("s3")
    """)
    run_apart("def test_it(): pass").assert_outcomes(passed=1)
