"""Writing a post: the form opens filled in, keeps what is typed while it is typed, and goes to review in one press."""

from bot.desk.posts import Content
from bot.domain.brands import Brand, Role
from bot.domain.posts import Picture, Post
from bot.errors import FieldErrors, UserError
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Quiet, Reply, Say, Update
from bot.slack.router import Router
from handlers.drawn import after_press
from handlers.views.compose import (
    ComposeForm,
    ComposeNow,
    MoreFields,
    NewPost,
    NewPostShortcut,
    Setting,
    compose_view,
    filled,
    parts_of,
    written,
)
from handlers.views.decisions import EditPost
from handlers.views.drafts import ContinueDraft, DiscardDraft, saved_message, submitted_message
from handlers.views.review import WARNINGS, finding_lines

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


@router.live(ComposeForm)
async def typed(form: ComposeForm, field: str, call: Call) -> Reply:
    """What is typed is kept; another brand brings its accounts, a chosen time its place in *when*."""
    changed = await _with_accounts(written(form, field), call)
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
    if form.when == "at" and form.due is None:
        raise FieldErrors({"at": UserError("check.no_time")})
    post = await call.desk.posts.submit(form.draft, content, call.who, revision=form.revision)
    page = await call.desk.pages.post(post.id)
    warnings = finding_lines(page, call.words)[:WARNINGS]
    return Close(say=submitted_message(post, page.brand, warnings, call.words))


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
    """The form for the brand that was chosen: all its accounts, ready to be unticked."""
    if form.chosen == form.drawn:
        return form
    await _writes(form.chosen, call)
    accounts = await call.desk.accounts.of(form.chosen)
    return form.model_copy(update={"drawn": form.chosen, "accounts": tuple(account.id for account in accounts)})


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
    setting = Setting(
        brands=page.brands if page else (),
        here=await call.desk.brands.of_channel(form.channel),
        brand=brand,
        accounts=await call.desk.accounts.of(brand.id) if brand else (),
        titles=call.desk.pages.titles(),
        kept=await _kept(form, call),
        zone=call.zone,
    )
    return compose_view(form, setting, call.words)
