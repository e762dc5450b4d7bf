"""Who is a close relative, and of whom.

最低生活保障审核确认办法 (D57) art. 11 has a case of a close relative registered separately and does not say who is one.
The list is that of 最低生活保障审核审批办法（试行） of 2012, art. 14: repealed, and still the practice.
"""

from enum import StrEnum


class Kinship(StrEnum):
    """What somebody is to the declarer. SELF: who applies is himself on the staff or the committee, a fortiori."""

    SELF = "self"
    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"  # both sides
    GRANDCHILD = "grandchild"  # both sides


class PersonKind(StrEnum):
    """Whose relatives they are. Committee members are no users of the product."""

    STAFF = "staff"
    COMMITTEE = "committee"
