"""Nothing of the plugin depends on a fixture's name that a project may take."""

from __future__ import annotations

import pytest

TAKEN = """
    @pytest.fixture
    def ddb():
        return "the project's own"

    @pytest.fixture(scope="class")
    def ddb_class():
        return "the project's own"

    @pytest.fixture(scope="module")
    def ddb_module():
        return "the project's own"

    @pytest.fixture(scope="session")
    def ddb_session():
        return "the project's own"
"""


def test_fixtures_and_markers_where_a_project_has_fixtures_of_these_names(run):
    result = run(
        TAKEN
        + """
    def test_client(dynamodb_client, ddb):
        assert table_names(dynamodb_client) == []
        assert ddb == "the project's own"

    def test_resource(dynamodb_resource):
        assert list(dynamodb_resource.tables.all()) == []

    def test_session(dynamodb_session):
        assert table_names(dynamodb_session.client("dynamodb")) == []

    @pytest.mark.ddbmock(tables=ORDERS)
    def test_marked(ddb):
        assert table_names(boto3.client("dynamodb")) == ["orders"]
        assert ddb == "the project's own"

    def test_wide_names(ddb_session, ddb_module, ddb_class, dynamodb_client):
        assert {ddb_session, ddb_module, ddb_class} == {"the project's own"}

    @pytest.mark.parametrize("name", ["ddb_session", "ddb_module", "ddb_class"])
    def test_no_mock_for_a_fixture_that_is_not_ours(request, name):
        from ddbmock import UnmockedCallError
        request.getfixturevalue(name)
        with pytest.raises(UnmockedCallError):
            put("1")
    """
    )
    result.assert_outcomes(passed=8)


def test_clients_of_the_project_s_own_names_are_the_project_s(run):
    run("""
        @pytest.fixture
        def dynamodb_client():
            return "the project's own"

        def test_it(dynamodb_client, ddb):
            assert dynamodb_client == "the project's own"
            assert dict(ddb.tables) == {}
    """).assert_outcomes(passed=1)


def test_a_fixture_that_extends_the_one_of_the_same_name(run):
    run("""
        @pytest.fixture
        def ddb(ddb):
            create_table(boto3.client("dynamodb"))
            return ddb

        def test_it(ddb, dynamodb_client):
            assert list(ddb.tables) == table_names(dynamodb_client) == ["orders"]
    """).assert_outcomes(passed=1)


def test_tables_of_a_template(run, pytester):
    pytester.path.joinpath("template.yml").write_text("""
Resources:
  Orders: {Type: AWS::Serverless::SimpleTable, Properties: {TableName: orders}}
""")
    run(
        TAKEN
        + """
    import ddbmock

    TEMPLATE = ddbmock.tables_from("template.yml")
    orders = TEMPLATE.as_fixture()
    orders_of_the_class = TEMPLATE.as_fixture(scope="class")

    def test_it(orders, dynamodb_client):
        assert table_names(dynamodb_client) == ["orders"]

    def test_wide(orders_of_the_class, dynamodb_client):
        assert table_names(dynamodb_client) == ["orders"]
    """
    ).assert_outcomes(passed=2)


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_asynchronous_fixtures(run, mode):
    pytest.importorskip("aiobotocore")
    run(
        TAKEN
        + """
    @pytest.mark.asyncio
    async def test_client(aio_dynamodb_client):
        assert (await aio_dynamodb_client.list_tables())["TableNames"] == []

    @pytest.mark.asyncio
    async def test_session(aio_dynamodb_session):
        async with aio_dynamodb_session.create_client("dynamodb") as client:
            assert (await client.list_tables())["TableNames"] == []
    """,
        f"-oasyncio_mode={mode}",
        "-oasyncio_default_fixture_loop_scope=function",
        plugins=["asyncio"],
    ).assert_outcomes(passed=2)


def test_asynchronous_fixtures_under_anyio(run):
    pytest.importorskip("aiobotocore")
    pytest.importorskip("anyio")
    run(
        TAKEN
        + """
    @pytest.fixture
    def anyio_backend():
        return "asyncio"

    @pytest.mark.anyio
    async def test_client(aio_dynamodb_client):
        assert (await aio_dynamodb_client.list_tables())["TableNames"] == []
    """,
        plugins=["anyio"],
    ).assert_outcomes(passed=1)
