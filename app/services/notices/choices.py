"""What people want to hear by mail, as they have chosen it."""

from app.extensions import db
from app.models import NoticeChoice, User, Wish
from app.services import audit


def of(user: User) -> NoticeChoice:
    """What the person has chosen, or what holds for those who have not."""
    chosen = db.session.get(NoticeChoice, user.id)
    return chosen or NoticeChoice(user_id=user.id, own=Wish.TROUBLE, others=False, approvals=True)


def choose(user: User, own: Wish, *, others: bool, approvals: bool, address: str = "") -> None:
    """Let the person hear of this from now on. The caller commits.

    `others` and `approvals` are for admins: of anybody else they stay as they are without a choice.
    """
    before = _told(of(user))
    after = {
        "own": str(own),
        "others": others and user.is_admin,
        "approvals": approvals or not user.is_admin,
    }
    if after == before:
        return
    db.session.merge(NoticeChoice(user_id=user.id, **after))
    audit.record(user, "notices.choose", user.email, address, before=before, after=after)


def _told(choice: NoticeChoice) -> dict[str, str | bool]:
    return {"own": str(choice.own), "others": choice.others, "approvals": choice.approvals}
