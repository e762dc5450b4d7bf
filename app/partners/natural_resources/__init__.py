"""自然资源: dwellings. Signed XML in GB18030."""
