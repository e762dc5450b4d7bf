"""Until when a request is answered, in working days. What agencies have wrong is theirs to answer within ten.

The law on personal information says "in time" and no number: fifteen is to be replaced by the locality's own.
"""

from dataclasses import dataclass

from app.corrections.lifecycle import ObjectType


@dataclass(frozen=True)
class Limit:
    """So many working days, by which rule."""

    days: int
    basis: str


_OF_AGENCIES = Limit(10, "政务数据共享条例 第二十六条")
_OWN = Limit(15, "个人信息保护法 第四十六条（15个工作日为地方示例）")


def limit_of(object_type: ObjectType) -> Limit:
    """Return the time limit for a kind of object."""
    return _OF_AGENCIES if object_type is ObjectType.CHECK else _OWN
