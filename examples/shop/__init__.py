"""A shop in one DynamoDB table, written for the real service; ddbmock is in its tests and demo.

`model` says what the records are, `table` how the table looks, `store` what the shop can do,
`meter` adds up what the calls cost, `demo` is the tour that `make demo` shows.
"""
