"""住建与公积金: dwellings and provident fund. Signed XML in GB18030."""
