"""Duplicating a post: the copy opens at once, to be given its own time."""

from bot.domain.brands import Role
from bot.slack.call import Call
from bot.slack.reply import Reply
from bot.slack.router import Router
from handlers.compose import continue_draft
from handlers.views.drafts import ContinueDraft
from handlers.views.sensitive import DuplicatePost

router = Router()


@router.on(DuplicatePost, needs=(Role.AUTHOR, Role.TRAINEE))
async def duplicate(press: DuplicatePost, call: Call) -> Reply:
    """A draft of mine, open."""
    draft = await call.desk.duplicating.duplicate(press.post, call.who)
    return await continue_draft(ContinueDraft(post=draft.id), call)
