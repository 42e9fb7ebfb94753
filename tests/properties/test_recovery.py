"""Tables, backups, restores and time against dictionaries: a restore gives what was there."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from math import floor
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ddbmock._internal.errors import (
    BackupNotFoundError,
    InvalidRestoreTimeError,
    PointInTimeRecoveryUnavailableError,
    TableAlreadyExistsError,
    TableNotFoundError,
)
from tests.properties.service import REGION, Client
from tests.random_examples import examples

START = 1_800_000_000.0
DAY = 86_400
NAMES = st.sampled_from(["orders", "users", "things"])
KEYS = st.sampled_from(["a", "b", "c", "d"])
#: An item with `by` is in the index, when there is one.
VALUES = st.fixed_dictionaries(
    {"n": st.integers(0, 9).map(str)}, optional={"by": st.sampled_from(["x", "y"])}
)
SECONDS = st.sampled_from([0.3, 0.3, 0.7, 1, 300, 3_600, DAY, 2 * DAY])

Items = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Moment:
    """What a table was from a time on."""

    at: float
    items: Items
    indexes: tuple[str, ...]
    read_units: int


@dataclass
class Model:
    """A table, as it should be."""

    items: Items = field(default_factory=dict)
    indexes: tuple[str, ...] = ()
    read_units: int = 5
    #: What it was, the newest last.
    past: list[Moment] = field(default_factory=list)
    #: Since when it can be restored, None while that is off; and for how many days.
    since: float | None = None
    days: int = 35

    def note(self, at: float) -> None:
        self.past.append(Moment(at, deepcopy(self.items), self.indexes, self.read_units))

    def at_second(self, second: int) -> Moment:
        return [moment for moment in self.past if moment.at < second + 1][-1]


class RecoveryMachine(RuleBasedStateMachine):
    """Every step does the same to the service and to the models."""

    def __init__(self) -> None:
        super().__init__()
        self.client = Client()
        self.clock = self.client.service.backend.clock
        self.clock.freeze(START)
        self.models: dict[str, Model] = {}
        #: ARN -> what the backup holds; those that users made, and those of the service.
        self.backups: dict[str, Moment] = {}
        self.system_backups: list[Moment] = []
        self.mark: Any = None

    @property
    def now(self) -> float:
        return self.clock.seconds()

    def note(self, name: str) -> None:
        self.models[name].note(self.now)

    # --- tables and items --------------------------------------------------------------------

    @rule(name=NAMES)
    def create(self, name: str) -> None:
        if name in self.models:
            return
        self.client(
            "CreateTable",
            TableName=name,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        )
        self.models[name] = Model()
        self.note(name)

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        model = self.models.pop(name, None)
        if model is None:
            return
        self.client("DeleteTable", TableName=name)
        if model.since is not None:
            self.system_backups.append(model.past[-1])

    @rule(name=NAMES, key=KEYS, value=VALUES)
    def put(self, name: str, key: str, value: dict[str, str]) -> None:
        if name in self.models:
            item = {"pk": {"S": key}, "n": {"N": value["n"]}}
            if "by" in value:
                item["by"] = {"S": value["by"]}
            self.client("PutItem", TableName=name, Item=item)
            self.models[name].items[key] = value
            self.note(name)

    @rule(name=NAMES, key=KEYS)
    def remove(self, name: str, key: str) -> None:
        if name in self.models:
            self.client("DeleteItem", TableName=name, Key={"pk": {"S": key}})
            self.models[name].items.pop(key, None)
            self.note(name)

    @rule(name=NAMES)
    def change_indexes(self, name: str) -> None:
        model = self.models.get(name)
        if model is None:
            return
        if model.indexes:
            action: dict[str, Any] = {"Delete": {"IndexName": "by-name"}}
        else:
            action = {
                "Create": {
                    "IndexName": "by-name",
                    "KeySchema": [{"AttributeName": "by", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
                }
            }
        self.client(
            "UpdateTable",
            TableName=name,
            AttributeDefinitions=[{"AttributeName": "by", "AttributeType": "S"}],
            GlobalSecondaryIndexUpdates=[action],
        )
        model.indexes = () if model.indexes else ("by-name",)
        self.note(name)

    @rule(name=NAMES)
    def raise_units(self, name: str) -> None:
        model = self.models.get(name)
        if model is not None:
            model.read_units += 1
            units = {"ReadCapacityUnits": model.read_units, "WriteCapacityUnits": 5}
            self.client("UpdateTable", TableName=name, ProvisionedThroughput=units)
            self.note(name)

    # --- recovery ----------------------------------------------------------------------------

    @rule(name=NAMES, days=st.sampled_from([1, 3, 35]))
    def enable(self, name: str, days: int) -> None:
        model = self.models.get(name)
        if model is None:
            return
        specification = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": days}
        self.client(
            "UpdateContinuousBackups",
            TableName=name,
            PointInTimeRecoverySpecification=specification,
        )
        if model.since is None:
            model.since = self.now
        else:
            model.since = max(model.since, self.now - model.days * DAY)
        model.days = days

    @rule(name=NAMES)
    def disable(self, name: str) -> None:
        if name in self.models:
            specification = {"PointInTimeRecoveryEnabled": False}
            self.client(
                "UpdateContinuousBackups",
                TableName=name,
                PointInTimeRecoverySpecification=specification,
            )
            self.models[name].since = None

    @rule(seconds=SECONDS)
    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule(source=NAMES, name=NAMES, number=st.integers(0, 15))
    def restore_to_a_point_in_time(self, source: str, name: str, number: int) -> None:
        model = self.models.get(source)
        earliest, latest = self.window(model)
        # The edges of the window, the seconds of changes, and those before them.
        changed = [] if model is None else [floor(moment.at) for moment in model.past[-5:]]
        seconds = [
            *(floor(earliest) - 1, floor(earliest), floor(latest), floor(latest) + 1),
            *changed,
            *(second - 1 for second in changed),
        ]
        second = seconds[number % len(seconds)]
        request = {
            "SourceTableName": source,
            "TargetTableName": name,
            "RestoreDateTime": second,
        }
        error = self.client.refused("RestoreTableToPointInTime", **request)
        if model is None:
            assert isinstance(error, TableNotFoundError)
        elif model.since is None:
            assert isinstance(error, PointInTimeRecoveryUnavailableError)
        elif not floor(earliest) <= second <= floor(latest):
            assert isinstance(error, InvalidRestoreTimeError)
        elif name in self.models:
            assert isinstance(error, TableAlreadyExistsError)
        else:
            assert error is None
            self.add_restored(name, model.at_second(second))

    def window(self, model: Model | None) -> tuple[float, float]:
        if model is None or model.since is None:
            return self.now - DAY, self.now
        earliest = max(model.since, self.now - model.days * DAY)
        return earliest, max(model.since, self.now - 300)

    def add_restored(self, name: str, moment: Moment) -> None:
        model = Model(deepcopy(moment.items), moment.indexes, moment.read_units)
        self.models[name] = model
        self.note(name)

    # --- backups -----------------------------------------------------------------------------

    @rule(name=NAMES)
    def back_up(self, name: str) -> None:
        if name in self.models:
            response = self.client("CreateBackup", TableName=name, BackupName="backup")
            self.backups[response["BackupDetails"]["BackupArn"]] = self.models[name].past[-1]

    @precondition(lambda self: self.backups)
    @rule(name=NAMES, data=st.data())
    def restore_a_backup(self, name: str, data: st.DataObject) -> None:
        arn = data.draw(st.sampled_from(sorted(self.backups)))
        request = {"BackupArn": arn, "TargetTableName": name}
        error = self.client.refused("RestoreTableFromBackup", **request)
        if name in self.models:
            assert isinstance(error, TableAlreadyExistsError)
        else:
            assert error is None
            self.add_restored(name, self.backups[arn])

    @precondition(lambda self: self.backups)
    @rule(data=st.data())
    def delete_a_backup(self, data: st.DataObject) -> None:
        arn = data.draw(st.sampled_from(sorted(self.backups)))
        self.client("DeleteBackup", BackupArn=arn)
        del self.backups[arn]
        assert isinstance(self.client.refused("DescribeBackup", BackupArn=arn), BackupNotFoundError)

    # --- savepoints --------------------------------------------------------------------------

    @rule()
    def take_savepoint(self) -> None:
        savepoint = self.client.service.backend.snapshot()
        state = deepcopy((self.models, self.backups, self.system_backups))
        self.mark = savepoint, state

    @precondition(lambda self: self.mark is not None)
    @rule()
    def restore_savepoint(self) -> None:
        savepoint, state = self.mark
        self.client.service.backend.restore(savepoint)
        self.models, self.backups, self.system_backups = deepcopy(state)

    # --- what holds after each step ----------------------------------------------------------

    @invariant()
    def tables_are_as_they_should_be(self) -> None:
        region = self.client.service.backend.region(REGION)
        assert region.tables.keys() == self.models.keys()
        for name, model in self.models.items():
            table = region.tables[name]
            table._check()
            stored = (each.load() for each in table.items.values())
            assert {item["pk"]["S"]: plain(item) for item in stored} == model.items
            assert tuple(table.indexes) == model.indexes
            assert table.settings.throughput.read_units == model.read_units
            assert (table.history is not None) == (model.since is not None)

    @invariant()
    def backups_are_as_they_should_be(self) -> None:
        found = self.client("ListBackups")["BackupSummaries"]
        assert [each["BackupArn"] for each in found] == sorted(self.backups)
        for summary in found:
            details = self.client("DescribeBackup", BackupArn=summary["BackupArn"])
            shown = details["BackupDescription"]["SourceTableDetails"]
            moment = self.backups[summary["BackupArn"]]
            assert shown["ItemCount"] == len(moment.items)
        kept = [each for each in self.system_backups if each.at + 35 * DAY > self.now]
        system = self.client("ListBackups", BackupType="SYSTEM")["BackupSummaries"]
        assert len(system) >= len(kept)

    @invariant()
    def the_past_is_as_it_was(self) -> None:
        region = self.client.service.backend.region(REGION)
        for name, model in self.models.items():
            if model.since is None:
                continue
            table = region.tables[name]
            earliest, latest = self.window(model)
            for at in (earliest, (earliest + latest) / 2, latest):
                moment = [each for each in model.past if each.at <= at][-1]
                stored = (each.load() for each in table.items_at(at).values())
                assert {item["pk"]["S"]: plain(item) for item in stored} == moment.items
                definition = table.definition_at(at)
                assert tuple(index.name for index in definition.indexes) == moment.indexes
                assert definition.settings.throughput.read_units == moment.read_units


def plain(item: dict[str, dict[str, str]]) -> dict[str, str]:
    return {name: next(iter(value.values())) for name, value in item.items() if name != "pk"}


Step = tuple[float, str, str | None]


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.3, 0.3, 1.0, 50.0]),
            KEYS,
            st.none() | st.sampled_from(["1", "2", "3"]),
        ),
        max_size=30,
    )
)
def test_each_second_of_a_history_can_be_restored(steps: list[Step]) -> None:
    """A restore gives what a replay of all that came before the end of the second gives."""
    client = Client()
    clock = client.service.backend.clock
    clock.freeze(START)
    client(
        "CreateTable",
        TableName="orders",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    specification = {"PointInTimeRecoveryEnabled": True}
    client(
        "UpdateContinuousBackups",
        TableName="orders",
        PointInTimeRecoverySpecification=specification,
    )
    times = [START]
    for seconds, key, number in steps:
        clock.advance(seconds)
        times.append(clock.seconds())
        if number is None:
            client("DeleteItem", TableName="orders", Key={"pk": {"S": key}})
        else:
            client("PutItem", TableName="orders", Item={"pk": {"S": key}, "n": {"N": number}})
    clock.advance(3_600)
    for second in sorted({floor(at) for at in times}):
        expected: dict[str, str] = {}
        for at, (_, key, number) in zip(times[1:], steps, strict=True):
            if at < second + 1:
                expected.pop(key, None)
                if number is not None:
                    expected[key] = number
        client(
            "RestoreTableToPointInTime",
            SourceTableName="orders",
            TargetTableName=f"restored-{second}",
            RestoreDateTime=second,
        )
        found = client("Scan", TableName=f"restored-{second}")["Items"]
        assert {item["pk"]["S"]: item["n"]["N"] for item in found} == expected


RecoveryMachine.TestCase.settings = settings(max_examples=examples(50), stateful_step_count=40)
TestRecovery = RecoveryMachine.TestCase
