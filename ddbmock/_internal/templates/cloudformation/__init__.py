"""CloudFormation and SAM templates.

`stacks` holds the resources of a template and of its nested stacks, `intrinsics` and `loops`
resolve the functions in them, `tables` and the other modules convert resources to requests.
"""
