"""Lines on standard error."""

from __future__ import annotations

from ddbmock._internal.server import standard_error


def test_what_a_terminal_would_obey_is_escaped(capsys):
    standard_error.write_line("200 PutItem caf\u00e9")
    standard_error.write_line("400 PutItem a\x1b[2J\n200 forged")
    assert capsys.readouterr().err == "200 PutItem caf\u00e9\n400 PutItem a\\x1b[2J\\n200 forged\n"
