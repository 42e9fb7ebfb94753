"""Other people's libraries in one process."""

from __future__ import annotations

from importlib.util import find_spec

import freezegun

# Freezing looks at every name of every module, and this one's are pydantic models that are made
# when they are looked at, which cannot be done of frozen times.
freezegun.configure(extend_ignore_list=["aws_lambda_powertools.utilities.parser"])

#: In an environment of its own: `make test-aioboto3`.
collect_ignore = [] if find_spec("aioboto3") else ["test_aioboto3.py"]
