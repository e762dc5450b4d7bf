"""The one thing the cleaning process says when it will not have a file."""


class Unfit(Exception):
    """The file cannot be taken; says why by a code of api/common/detail_words.py. Crosses between processes,
    so it carries text only."""
