"""Stages that most mocks do without: each is attached when it is first used, see `features`.

authorization   resource policies
key_counts      contributor insights
lag             eventually consistent reads that are behind
quorum          global tables in regions that are cut off
"""
