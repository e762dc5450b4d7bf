"""The use cases of this stage."""

from app.overpayments.commands.claiming import (
    Claimed,
    Instalment,
    drop_recovery,
    hear_about_recovery,
    order_recovery,
    propose_recovery,
)
from app.overpayments.commands.settling import (
    keep_claim,
    propose_write_off,
    receive_repayment,
    take_off_reversed,
    write_off,
)

__all__ = [
    "Claimed",
    "Instalment",
    "drop_recovery",
    "hear_about_recovery",
    "keep_claim",
    "order_recovery",
    "propose_recovery",
    "propose_write_off",
    "receive_repayment",
    "take_off_reversed",
    "write_off",
]
