"""Expressions: text -> tokens -> tree -> closures, for every expression of the API.

One tokenizer and one grammar serve conditions, filters, key conditions, projections and updates.
`compile` is where they begin: its functions cache by their arguments, and nothing is parsed twice.
"""
