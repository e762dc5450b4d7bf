"""特困人员救助供养, support for the destitute: no ability to work, nothing to live on, nobody able to help."""
