"""The Serverless Framework: serverless.yml and its variables."""
