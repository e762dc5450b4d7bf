"""Whether somebody receives assistance, asked by other authorities: who may ask what, what was asked, what was told."""
