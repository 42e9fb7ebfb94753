"""The implementation of ddbmock. Programs import from `ddbmock`: nothing in here is public."""
