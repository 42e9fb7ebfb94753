from __future__ import annotations

import json

import botocore
import pytest

from tests.fidelity_page import MODEL, PAGE, compact, members_of_botocore, render


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run `make fidelity`"


def test_the_model_has_all_that_botocore_has() -> None:
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    if _version(botocore.__version__) > _version(model["botocore"]):
        pytest.skip(f"the model is that of botocore {model['botocore']}")
    for service, operations in members_of_botocore().items():
        for name, parameters in operations.items():
            assert set(parameters) <= set(model["members"][service][name]), name


def _version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def test_the_model_is_written_as_the_generator_writes_it() -> None:
    text = MODEL.read_text(encoding="utf-8")
    assert text == compact(json.loads(text))
