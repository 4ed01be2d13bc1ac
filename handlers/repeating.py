"""Repeating a post: the form, and the posts that come of it."""

from bot.domain import posts
from bot.domain.brands import Role
from bot.errors import UserError
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply
from bot.slack.router import Router
from handlers.views.repeating import RepeatForm, repeat_view, repeated_message
from handlers.views.sensitive import RepeatPost

router = Router()
WRITERS = (Role.AUTHOR, Role.TRAINEE)


@router.on(RepeatPost, needs=WRITERS)
async def ask(press: RepeatPost, call: Call) -> Reply:
    """How often; a post without a time of its own can't be repeated."""
    post = await call.desk.posts.get(press.post)
    posts.may_see(post, call.who, await call.desk.brand(post.brand))
    if post.due is None:
        raise UserError("repeat.no_time")
    form = RepeatForm(post=post.id, revision=post.current.number, channel=call.channel or "")
    return Open(repeat_view(form, post, call.words))


@router.on(RepeatForm, needs=WRITERS)
async def repeat(form: RepeatForm, call: Call) -> Reply:
    """They go to review."""
    done = await call.desk.repeating.repeat(form.post, form.every, form.times, call.who, revision=form.revision)
    return Close(all=True, say=repeated_message(done, call.desk.now(), call.words))
