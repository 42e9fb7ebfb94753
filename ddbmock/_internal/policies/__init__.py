"""The language of IAM policies: documents, patterns, conditions, and what they decide together.

This folder knows neither requests of DynamoDB nor tables. A request is a name of an action, an ARN
and a context of condition keys, see `AccessRequest`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations
