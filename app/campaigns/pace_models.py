"""How much a province's campaigns may put to an agency just now: kept once, whatever county or campaign asks."""

from datetime import datetime

from sqlalchemy import DateTime, Float, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class Pace(Base):
    """A bucket of questions that fills by the hour and is emptied by what is put. Who empties it holds its row."""

    __tablename__ = "campaign_paces"

    province: Mapped[str] = mapped_column(String(2), primary_key=True)
    partner: Mapped[str] = mapped_column(String(32), primary_key=True)
    left: Mapped[float] = mapped_column("questions_left", Float)
    filled_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
