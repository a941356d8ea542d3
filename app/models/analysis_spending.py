"""What the analysis by Claude has cost, by month and run."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class AnalysisSpending(Model):
    """Written before a call with the most that it may cost, and corrected after it.

    So what a process was asking for when it died counts as spent.
    """

    __tablename__ = "analysis_spending"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)  # 2026-11, in UTC
    run_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    micro_dollars: Mapped[int] = mapped_column(BigInteger)
    calls: Mapped[int]
    input_tokens: Mapped[int] = mapped_column(BigInteger)
    output_tokens: Mapped[int] = mapped_column(BigInteger)
    setbacks: Mapped[int]  # slices in a row in which no call was answered

    def __repr__(self) -> str:
        return f"<AnalysisSpending {self.month} {self.run_id}>"
