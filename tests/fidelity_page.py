"""Makes docs/fidelity.md: what is done of each operation, and what is known to be different.

The operations and their parameters come from botocore by way of `operations/model.json`, so
that the page is the same with any botocore; what is done comes from the registry of operations;
what is different is written by hand in docs/fidelity.template.

    python -m tests.fidelity_page            # write the page
    python -m tests.fidelity_page --model    # take the parameters of the installed botocore first
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import botocore

from ddbmock._internal.operations import OPERATIONS
from ddbmock._internal.service_model import SERVICE_NAMES, service_model

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "fidelity.md"
TEMPLATE = DOCS / "fidelity.template"
MODEL = DOCS.parent / "ddbmock" / "_internal" / "operations" / "model.json"

#: Operation -> its parameters, by service.
Members = dict[str, dict[str, list[str]]]


def members_of_botocore() -> Members:
    """Return the operations and parameters of the installed botocore."""
    members: Members = {}
    for service in SERVICE_NAMES:
        model = service_model(service)
        shapes = {name: model.operation_model(name).input_shape for name in model.operation_names}
        members[service] = {
            name: sorted(shape.members) if shape else [] for name, shape in sorted(shapes.items())
        }
    return members


def render() -> str:
    """Return the page as it should be."""
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    operations = {
        name: parameters
        for members in model["members"].values()
        for name, parameters in members.items()
    }
    done = {name: parameters for name, parameters in operations.items() if name in OPERATIONS}
    template = TEMPLATE.read_text(encoding="utf-8")
    return template.format(
        botocore=model["botocore"],
        operations=_table(done),
        unsupported=", ".join(name for name in operations if name not in OPERATIONS) or "none.",
    )


def _table(operations: dict[str, list[str]]) -> str:
    rows = ["| operation | done | refused |", "| --- | --- | --- |"]
    for name, parameters in sorted(operations.items()):
        supported = OPERATIONS[name].parameters
        done = [parameter for parameter in parameters if parameter in supported]
        refused = [parameter for parameter in parameters if parameter not in supported]
        rows.append(f"| {name} | {', '.join(done) or '-'} | {', '.join(refused) or '-'} |")
    return "\n".join(rows)


def compact(model: dict[str, Any]) -> str:
    """Return the model as JSON with an operation a line."""
    services = [
        f'  "{service}": {{\n'
        + ",\n".join(f"   {json.dumps(name)}: {json.dumps(names)}" for name, names in of.items())
        + "\n  }"
        for service, of in model["members"].items()
    ]
    head = f'{{\n "botocore": {json.dumps(model["botocore"])},\n "members": {{\n'
    return head + ",\n".join(services) + "\n }\n}\n"


def main() -> None:
    """Write the page, and the model first when asked."""
    if "--model" in sys.argv:
        model = {"botocore": botocore.__version__, "members": members_of_botocore()}
        MODEL.write_text(compact(model), encoding="utf-8")
    PAGE.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
