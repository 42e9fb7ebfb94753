"""The service's texts, by name: one module for each part of the API.

A constant is a complete text; a function fills in what varies. Nothing here decides when a text is
used. Texts are facts of the service: spelling, double blanks and missing full stops are its own.
"""
