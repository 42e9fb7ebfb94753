"""Sum up the log of `make test`, read from standard input, in one line."""

from __future__ import annotations

import re
import sys
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The last line of a run of pytest.
CLOSING = re.compile(r"^=+ (.*\b(?:passed|failed|errors?|no tests ran)\b.*) in ([\d.]+)s.* =+$")
OUTCOME = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)")
SKIPPED = re.compile(r"^SKIPPED \[(\d+)\] [^:]+(?::\d+)?: (.*)$")
#: Why a test is left to the run on the newest botocore, which `make test` has too.
NEWER = re.compile(r"\bthis botocore (?:does not have|has no|knows no)\b")
FAILED_TARGET = re.compile(r"^make(?:\[\d+\])?: \*\*\* \[[^\]]*?([\w./-]+)\] Error \d+$")


def closing_line(log: Iterable[str]) -> str:
    """Return how many tests passed in all runs of pytest, why others were skipped, what failed.

    >>> closing_line(["== 5 passed, 1 skipped in 1.0s ==", "SKIPPED [1] a.py:1: no browser"])
    '== 5 passed, 1 skipped (no browser) in 1.0 s of pytest =='
    """
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    failed_targets: list[str] = []
    seconds, left_count = 0.0, 0
    for line in map(str.rstrip, log):
        if match := CLOSING.match(line):
            outcomes.update({name: int(count) for count, name in OUTCOME.findall(match[1])})
            seconds += float(match[2])
        elif match := SKIPPED.match(line):
            if NEWER.search(match[2]):
                left_count += int(match[1])
            else:
                reasons[match[2]] += int(match[1])
        elif match := FAILED_TARGET.match(line):
            failed_targets.append(match[1])
    parts = [f"{count} {name}" for name, count in outcomes.items() if name != "skipped"]
    if left_count:
        parts.append(f"{left_count} left to the newest botocore")
    if skipped_count := outcomes["skipped"] - left_count:
        parts.append(f"{skipped_count} skipped ({'; '.join(reasons) or 'see above'})")
    if targets := [target for target in failed_targets if target != "test"]:
        parts.append(f"failed: make {' '.join(dict.fromkeys(targets))}")
    text = ", ".join(parts) or "pytest did not come to its closing line"
    return f"== {text} in {seconds:.1f} s of pytest =="


if __name__ == "__main__":
    print(closing_line(sys.stdin))
