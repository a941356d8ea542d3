"""Zendesk's own background jobs, and what they say they did."""

from dataclasses import dataclass, field
from typing import Any, Self

from app.zendesk.resources.reading import OddShape, maybe_number, number, text
from app.zendesk.wording import clean


@dataclass(frozen=True, slots=True)
class TicketResult:
    """What a Zendesk job says it did to one ticket."""

    ticket_id: int
    success: bool
    error: str = ""
    details: str = ""

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        # A failed item may come without `success`, but then it has `error`.
        success = data["success"] is True if "success" in data else "error" not in data
        return cls(
            number(data, "id"), success, _told(data.get("error")), _told(data.get("details"))
        )


@dataclass(frozen=True)
class ZendeskJob:
    """Zendesk's own background job. `results` are by ticket; a ticket may be missing from them."""

    id: str
    status: str
    total: int | None = None
    progress: int | None = None
    message: str = ""
    results: dict[int, TicketResult] = field(default_factory=dict, hash=False)

    @property
    def is_over(self) -> bool:
        return self.status in {"completed", "failed", "killed"}

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        job_id = text(data, "id")
        if not job_id:
            raise OddShape("“id” is missing")
        results = [TicketResult.of(one) for one in _listed(data.get("results"))]
        return cls(
            id=job_id,
            status=text(data, "status"),
            total=maybe_number(data, "total"),
            progress=maybe_number(data, "progress"),
            message=text(data, "message"),
            results={result.ticket_id: result for result in results},
        )


def _listed(results: Any) -> list[dict[str, Any]]:
    """The items that name a ticket. Some jobs have an object here, and a failed creation names none."""
    listed = results if isinstance(results, list) else []
    return [one for one in listed if isinstance(one, dict) and one.get("id") is not None]


def _told(value: Any) -> str:
    """Zendesk's words. They have been seen as one text only; a list of texts is joined, in case."""
    listed = value if isinstance(value, list) else [value]
    return clean(" ".join(filter(None, map(clean, listed))))
