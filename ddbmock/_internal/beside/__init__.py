"""ddbmock and moto together: DynamoDB by ddbmock, every other service by moto.

    both             `mock_aws`, which takes the place of moto's
    lazy_moto        moto is started by the first use of another service, if there is one
    following        ddbmock starts and stops with moto's own mocks (`--ddbmock-with-moto`)
    cloudformation   tables of moto's CloudFormation stacks are created in ddbmock

moto is imported where it is needed: ddbmock does not depend on it.
"""
