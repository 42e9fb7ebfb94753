"""ddbmock and moto together: DynamoDB by ddbmock, every other service by moto.

    both             `mock_aws`, which replaces moto's
    lazy_moto        starts moto on the first use of another service
    following        starts and stops ddbmock with moto's own mocks (`--ddbmock-with-moto`)
    cloudformation   creates the tables of moto's CloudFormation stacks in ddbmock

moto is imported where it is needed: ddbmock does not depend on it.
"""
