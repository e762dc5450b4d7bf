"""Use cases of this stage."""

from app.corrections.commands.asking import request_correction
from app.corrections.commands.deciding import accept_correction, refuse_correction

__all__ = ["accept_correction", "refuse_correction", "request_correction"]
