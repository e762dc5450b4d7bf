"""What makes a reason one: it says something."""

SUBSTANCE = 10  # letters or characters that a reason has at least
LONGEST_REASON = 2000

# Names neither field nor member: the decision goes to who applied, and another adult may have disputed what is his.
DISPUTED_UNANSWERED = (
    "对核对结果提出的异议，已依法函请有关部门核实更正，该部门在规定的十个工作日期限内未作答复；"
    "本决定依据现有核对结果作出，不因此等候。该项异议继续要求该部门答复，答复后即告知提出异议的人。"
)


def has_substance(reason: str) -> bool:
    """Say whether a reason says something: blanks, dots and one letter over and over do not count."""
    letters = [letter for letter in reason if letter.isalnum()]
    return len(letters) >= SUBSTANCE and len(set(letters)) >= SUBSTANCE // 2 and len(reason) <= LONGEST_REASON
