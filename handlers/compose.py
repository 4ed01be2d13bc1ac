"""Writing a post: the form opens filled in, keeps what is typed while it is typed, and goes to review in one press."""

from collections.abc import Sequence
from datetime import datetime

from bot.desk.pages import Written
from bot.desk.posts import Content
from bot.domain import threads
from bot.domain.brands import Account, Brand, Role
from bot.domain.posts import Picture, Post
from bot.errors import FieldErrors, UserError
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Push, Quiet, Reply, Say, Update
from bot.slack.router import Router
from bot.text.when import Answer, Question, Refusal
from handlers.drawn import after_press
from handlers.views import variants
from handlers.views.compose import (
    ComposeForm,
    ComposeNow,
    MoreFields,
    NewPost,
    NewPostShortcut,
    Setting,
    WhenIs,
    compose_view,
    filled,
    parts_of,
)
from handlers.views.decisions import EditPost
from handlers.views.disclosure import TellFirst
from handlers.views.drafts import ContinueDraft, DiscardDraft, saved_message, submitted_message
from handlers.views.preview import SeeIt, preview_view
from handlers.views.review import WARNINGS, finding_lines
from handlers.views.variants import SplitText
from handlers.views.when import SOON, Clock, heard, refused, settled_at, understood, written

router = Router()


@router.on(NewPost)
async def new_post(command: NewPost, call: Call) -> Reply:
    """`/vocero post`: what follows is the text, exactly as it was typed."""
    return await _opened(call, command.text)


@router.on(NewPostShortcut)
async def new_post_shortcut(press: NewPostShortcut, call: Call) -> Reply:
    """The same from the ⚡ menu."""
    return await _opened(call)


@router.on(ComposeNow)
async def compose_now(press: ComposeNow, call: Call) -> Reply:
    """The same from a menu or Home."""
    return await _opened(call)


async def _opened(call: Call, text: str = "") -> Reply:
    channel = call.channel or ""
    page = await call.desk.pages.compose(call.who, channel)
    brand = page.brand.id if page.brand else ""
    form = ComposeForm(draft=call.desk.new_id(), channel=channel, brand=brand)
    form = await _with_accounts(form.model_copy(update=parts_of(text)), call)
    await _keep(form, call)
    return Open(await _view(form, call))


@router.on(ContinueDraft)
async def continue_draft(press: ContinueDraft, call: Call) -> Reply:
    """The form as it was left."""
    post = await call.desk.pages.draft(press.post, call.who)
    form = filled(ComposeForm(draft=post.id, channel=call.channel or "", drawn=post.brand), post)
    return Open(await _view(form, call))


@router.on(DiscardDraft)
async def discard_draft(press: DiscardDraft, call: Call) -> Reply:
    """A draft of mine is thrown away."""
    await call.desk.posts.discard(press.post, call.who)
    again = await after_press(call)
    return Say(call.words("compose.discarded")) if isinstance(again, Quiet) else again


@router.on(EditPost)
async def edit(press: EditPost, call: Call) -> Reply:
    """The same form with what the post says now; sending it makes a new revision."""
    post = await call.desk.pages.to_edit(press.post, call.who)
    form = ComposeForm(draft=post.id, channel=call.channel or "", drawn=post.brand, revision=post.current.number)
    return Open(await _view(filled(form, post), call))


@router.on(MoreFields)
async def more_fields(press: MoreFields, call: Call) -> Reply:
    """The fields that most posts don't need."""
    form = call.filled(ComposeForm)
    if form is None:
        return Quiet()
    return Update(await _view(form.model_copy(update={"more": True}), call))


@router.on(WhenIs)
async def when_is(press: WhenIs, call: Call) -> Reply:
    """Which of the times that the phrase may mean."""
    form = call.filled(ComposeForm)
    if form is None:
        return Quiet()
    chosen = settled_at(form, press.at)
    await _keep(chosen, call)
    return Update(await _view(chosen, call))


@router.on(SplitText)
async def split_text(press: SplitText, call: Call) -> Reply:
    """A thread in place of a text that is too long: of the post itself where all its accounts have threads, else only
    on those that do."""
    form = call.filled(ComposeForm)
    if form is None:
        return Quiet()
    long = [each for each in _texts(form, await _accounts_of(form, call), call) if each.splittable]
    cut = {each.account.id: call.desk.pages.in_parts(each, numbered=press.numbered) for each in long}
    if not cut:
        return Quiet()
    update: dict[str, object] = {"more": True, "recut": form.recut + 1}
    if len(cut) == len(form.accounts) and len(set(cut.values())) == 1:
        first, *rest = next(iter(cut.values()))
        update |= variants.with_own(form, {}) | parts_of(first) | {"thread": threads.joined(tuple(rest))}
    else:
        update |= variants.with_own(form, {**form.owns, **cut})
    changed = form.model_copy(update=update)
    await _keep(changed, call)
    return Update(await _view(changed, call))


@router.on(TellFirst)
async def tell_first(press: TellFirst, call: Call) -> Reply:
    """What the post has to tell, at the beginning of every text where it is missing: it is seen before it is sent."""
    form = call.filled(ComposeForm)
    if form is None or not form.drawn:
        return Quiet()
    brand, accounts = await _writes(form.drawn, call), await _accounts_of(form, call)
    ticked = [each for each in accounts if each.id in form.accounts]
    told, owns = call.desk.disclosing.put(brand, ticked, form.tells, form.segments, form.owns)
    update: dict[str, object] = variants.with_own(form, owns) | parts_of(told[0]) | {"recut": form.recut + 1}
    changed = form.model_copy(update=update)
    await _keep(changed, call)
    return Update(await _view(changed, call))


@router.on(SeeIt)
async def see_it(press: SeeIt, call: Call) -> Reply:
    """The post as it will look on each account, on top of the form; closing it goes back."""
    form = call.filled(ComposeForm)
    if form is None or not form.drawn:
        return Quiet()
    seen = await call.desk.previewing.see(form.draft, await _content(form, call), call.who)
    return Push(preview_view(seen, call.desk.pages.titles(), call.words))


@router.live(ComposeForm)
async def typed(form: ComposeForm, field: str, call: Call) -> Reply:
    """What is typed is kept; another brand brings its accounts, a chosen time its place in *when*, a typed one what it
    means."""
    changed = await _with_accounts(written(form, field), call)
    if field == "differ":
        changed = _with_versions(changed)
    if field == "disclosure":
        changed = changed.model_copy()  # drawn anew: what it has to tell stands below it
    if field == "phrase":
        before, answer = await _heard(form.heard, changed, call), await _heard(form.phrase, changed, call)
        changed = understood(changed, answer)
        if isinstance(answer, Refusal) and isinstance(before, Refusal):
            changed = form  # half a word: nothing new to show
    gauge = variants.gauge(_texts(changed, await _accounts_of(changed, call), call), call.words)
    if gauge != changed.gauge:
        changed = changed.model_copy(update={"gauge": gauge})
    await _keep(changed, call)
    return Quiet() if changed is form else Update(await _view(changed, call))


@router.on(ComposeForm)
async def submit(form: ComposeForm, call: Call) -> Reply:
    """To review at once, or kept as a draft."""
    if not form.chosen:
        raise FieldErrors({"brand": UserError("error.field_required")})
    if form.chosen != form.drawn:
        return Update(await _view(await _with_accounts(form, call), call))
    content = await _content(form, call)
    if form.when == "draft":
        return await _saved(form, content, call)
    if not form.said:
        return await _said_time(form, call)
    if form.when == "at" and form.due is None:
        raise FieldErrors({"at": UserError("check.no_time")})
    try:
        post = await call.desk.posts.submit(form.draft, content, call.who, revision=form.revision)
    except FieldErrors as error:
        raise FieldErrors({form.place(field): each for field, each in error.fields.items()}) from error
    page = await call.desk.pages.post(post.id)
    warnings = finding_lines(page, call.words)[:WARNINGS]
    return Close(say=submitted_message(post, page.brand, warnings, call.words))


def _with_versions(form: ComposeForm) -> ComposeForm:
    """A field for each account that was chosen, which begins with what the post says."""
    begun = {id_: form.owns.get(id_, form.segments) for id_ in form.differ}
    return form.model_copy(update=variants.with_own(form, begun))


async def _accounts_of(form: ComposeForm, call: Call) -> Sequence[Account]:
    """The accounts that the form shows."""
    return await call.desk.accounts.of(form.drawn) if form.drawn else ()


def _texts(form: ComposeForm, accounts: Sequence[Account], call: Call) -> Sequence[Written]:
    """What is typed, as it stands on each of these accounts that is ticked."""
    ticked = [each for each in accounts if each.id in form.accounts]
    return call.desk.pages.written(ticked, form.segments, form.owns)


async def _heard(phrase: str, form: ComposeForm, call: Call) -> Answer:
    brand = await _writes(form.drawn, call) if form.drawn else None
    return heard(phrase, Clock(brand, call.zone, call.desk.now()))


async def _said_time(form: ComposeForm, call: Call) -> Reply:
    """A phrase that was not shown as a time yet: first it is. Raises FieldErrors for one that isn't understood."""
    answer = await _heard(form.phrase, form, call)
    if isinstance(answer, Refusal) or (isinstance(answer, Question) and form.phrase == form.heard):
        raise FieldErrors({"phrase": refused(answer, call.words)})
    return Update(await _view(understood(form, answer), call))


async def _saved(form: ComposeForm, content: Content, call: Call) -> Reply:
    if content.blank:
        raise FieldErrors({"text": UserError("check.empty")})
    post = await call.desk.posts.save(form.draft, content, call.who, form=call.view.id if call.view else "")
    return Close(say=saved_message(post, call.words))


async def _keep(form: ComposeForm, call: Call) -> None:
    if not form.revision:
        content, window = await _content(form, call), call.view.id if call.view else ""
        await call.desk.posts.save(form.draft, content, call.who, typed=call.typed, form=window)


async def _with_accounts(form: ComposeForm, call: Call) -> ComposeForm:
    """The form for the brand that was chosen: its usual accounts, ready to be unticked."""
    if form.chosen == form.drawn:
        return form
    await _writes(form.chosen, call)
    accounts = await call.desk.accounts.usual(form.chosen)
    update: dict[str, object] = {"drawn": form.chosen, "accounts": tuple(account.id for account in accounts)}
    if form.when in SOON and form.at is None:
        slots = call.desk.slots.grid(await call.desk.brand(form.chosen), accounts)
        update |= {"when": "slot" if slots else "now", "redrawn": form.redrawn + bool(form.drawn)}
    return form.model_copy(update=update)


async def _writes(brand: str, call: Call) -> Brand:
    """A brand whose accounts somebody may see in the form: where they write, or change what others wrote."""
    found = await call.desk.brand(brand)
    call.who.require(found, Role.AUTHOR, Role.TRAINEE, Role.APPROVER)
    return found


async def _content(form: ComposeForm, call: Call) -> Content:
    return form.content(await _kept(form, call))


async def _kept(form: ComposeForm, call: Call) -> list[Picture]:
    """The pictures that the form opened with."""
    if not form.kept:
        return []
    post = await call.desk.store.find(Post, form.draft)
    if post is not None and post.author != call.who.id:
        await call.desk.pages.seen(post.id, call.who)
    known = [*post.current.pictures, *(p for revision in post.revisions for p in revision.pictures)] if post else []
    return [next(p for p in known if p.file == file) for file in form.kept if any(p.file == file for p in known)]


async def _view(form: ComposeForm, call: Call) -> dict[str, object]:
    page = await call.desk.pages.compose(call.who, form.channel) if not form.revision else None
    brand = await _writes(form.drawn, call) if form.drawn else None
    accounts = await _accounts_of(form, call)
    texts = _texts(form, accounts, call)
    form = form.model_copy(update={"gauge": variants.gauge(texts, call.words)})
    setting = Setting(
        brands=page.brands if page else (),
        here=await call.desk.brands.of_channel(form.channel),
        brand=brand,
        accounts=accounts,
        titles=call.desk.pages.titles(),
        kept=await _kept(form, call),
        zone=call.zone,
        now=call.desk.now(),
        slot=await _next_slot(form, brand, accounts, call) if brand else None,
        commenting=call.desk.pages.commenting(accounts),
        split=any(each.splittable for each in texts),
        telling=call.desk.disclosing.words(brand, form.tells, form.whole) if brand else "",
        facts=await call.desk.facts.offered(brand.id, form.leans) if brand and form.more else (),
    )
    return compose_view(form, setting, call.words)


async def _next_slot(form: ComposeForm, brand: Brand, accounts: Sequence[Account], call: Call) -> datetime | None:
    """The next slot that is free on the ticked accounts."""
    chosen = [each for each in accounts if each.id in form.accounts]
    return await call.desk.slots.next_free(brand, chosen, form.draft)
