"""Repeating a post: how often and how many times, and what went to review."""

from datetime import datetime

from bot.desk.repeating import Repeated
from bot.domain.posts import Post
from bot.domain.recurrence import MOST, Every
from bot.slack.blocks import View, context, option, radio, select
from bot.slack.forms import Form, Typed
from bot.text.telling import sentence
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.decisions import excerpt


class RepeatForm(Form, id="post.repeat_form"):
    """How often, how many times; `revision` is the one that was looked at."""

    post: str
    revision: int
    channel: str = ""
    every: Typed[Every] = Every.WEEK
    times: Typed[int] = 4


def repeat_view(form: RepeatForm, post: Post, words: Words) -> View:
    """What is repeated, and what that means."""
    ways = [option(words(f"repeat.every.{each}"), each.value) for each in Every]
    counts = [option(str(number), str(number)) for number in range(1, MOST + 1)]
    return form.open(
        title=words("repeat.title"),
        submit=words("button.submit"),
        close=words("button.cancel"),
        blocks=[
            *excerpt(post.current.text),
            RepeatForm.input("every", words("repeat.every"), radio(ways, form.every.value)),
            RepeatForm.input("times", words("repeat.times"), select(counts, str(form.times))),
            context(words("repeat.explain")),
        ],
    )


def repeated_message(done: Repeated, now: datetime, words: Words) -> str:
    """What went to review, what was there, and what was left out, each with its time."""
    zone = done.brand.clock
    lines = [words.n("repeat.made", len(done.made))] if done.made or not done.before else []
    lines += [f"🕘 {moment(at, zone, words, now)}" for at in done.made]
    if done.before:
        lines.append(words.n("repeat.before", done.before))
    for at, why in done.left:
        lines.append(f"⛔ {moment(at, zone, words, now)} · {sentence(words, why.key, why.args_, zone=zone)}")
    return "\n".join(lines)
