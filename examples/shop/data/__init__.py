"""The shop's sample records (`shop.jsonl`) and the script that made them (`generate`)."""
