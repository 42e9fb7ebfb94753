"""Small programs that use boto3, and their tests with ddbmock."""
