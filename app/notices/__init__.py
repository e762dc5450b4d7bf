"""Stage 4: what is posted in a village, for how long, and who objects."""
