"""Other people's libraries in one process."""

from __future__ import annotations

import freezegun

# Freezing looks at every name of every module, and this one's are pydantic models that are made
# when they are looked at, which cannot be done of frozen times.
freezegun.configure(extend_ignore_list=["aws_lambda_powertools.utilities.parser"])
