"""What ddbmock is made of. Programs import from `ddbmock`: nothing in here is public."""
