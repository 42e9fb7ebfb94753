"""The shop's own tests, in the styles ddbmock offers: decorator, context manager, fixtures."""
