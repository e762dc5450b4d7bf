"""What makes a reason one: it says something."""

SUBSTANCE = 10  # letters or characters that a reason has at least
LONGEST_REASON = 2000


def has_substance(reason: str) -> bool:
    """Say whether a reason says something: blanks, dots and one letter over and over do not count."""
    letters = [letter for letter in reason if letter.isalnum()]
    return len(letters) >= SUBSTANCE and len(set(letters)) >= SUBSTANCE // 2 and len(reason) <= LONGEST_REASON
