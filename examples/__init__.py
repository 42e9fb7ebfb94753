"""Small programs that use boto3 as any user would, and their tests under ddbmock."""
