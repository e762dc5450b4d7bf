"""The one thing the cleaning process says when it will not have a file."""


class Unfit(Exception):
    """The file cannot be taken; the text says why. Crosses between processes, so it carries text only."""
