"""The language of IAM policies: documents, patterns, conditions, and their evaluation.

This folder does not know requests of DynamoDB or tables. A request is the name of an action, an ARN
and a context of condition keys, see `AccessRequest`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations
