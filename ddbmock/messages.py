"""The service's texts, by name.

A constant is a whole text; a function fills in what varies. Nothing here decides when a text is
used. Texts are facts of the service: spelling, double blanks and missing full stops are its own.
"""

from __future__ import annotations

# --- requests: serialization and model constraints -------------------------------------------

# --- expressions -----------------------------------------------------------------------------

# --- legacy parameters -----------------------------------------------------------------------

# --- attribute values and numbers ------------------------------------------------------------

# --- tables and indexes ----------------------------------------------------------------------

# --- items, queries, batches, transactions ---------------------------------------------------

# --- streams, time to live, tags -------------------------------------------------------------

# --- PartiQL ---------------------------------------------------------------------------------

# --- misuse of ddbmock's own face ------------------------------------------------------------
