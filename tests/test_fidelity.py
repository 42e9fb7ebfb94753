from __future__ import annotations

import json

import botocore
import pytest

from ddbmock.operations import OPERATIONS
from tests.fidelity_page import MODEL, PAGE, members_of_botocore, render


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run `make fidelity`"


def test_every_operation_and_parameter_is_one_of_the_model() -> None:
    members = json.loads(MODEL.read_text(encoding="utf-8"))["members"]
    known = {
        name: set(parameters) for part in members.values() for name, parameters in part.items()
    }
    for name, operation in OPERATIONS.items():
        assert operation.parameters <= known[name]


def test_the_model_is_that_of_the_botocore_it_names() -> None:
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    if model["botocore"] != botocore.__version__:
        pytest.skip(f"the page is made with botocore {model['botocore']}")
    assert model["members"] == members_of_botocore()
