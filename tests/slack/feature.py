"""A small feature as handlers write them: a command that opens a form, buttons, a card and a notice."""

from collections.abc import Sequence

from bot.domain.brands import Brand, Role
from bot.domain.conversations import Conversation
from bot.domain.events import BrandChanged, ConversationChanged, PostChanged
from bot.errors import AlreadyDone, FieldErrors, UserError
from bot.slack.blocks import Message, actions, files, home, section, text_input
from bot.slack.call import Call, Scene
from bot.slack.cards import Card, Draw, Sheet
from bot.slack.forms import Form, Typed
from bot.slack.reply import Close, Errors, HomeView, Open, Quiet, Reply, Say, Several, Update
from bot.slack.router import Router
from bot.slack.wire import BareCommand, Button, HomeOpened, Mentioned, SharedFile, UnknownVerb, menu
from bot.text.markup import to_mrkdwn

router = Router()


class Note(Form, id="test.note"):
    """A text, and what its author may see."""

    brand: str
    channel: str = ""
    text: Typed[str | None] = None
    reason: Typed[str] = ""
    pictures: Typed[tuple[SharedFile, ...]] = ()


class Rename(Button, id="test.rename"):
    """Needs a role in the brand."""

    brand: str
    name: str


class Ask(Button, id="test.ask"):
    """Opens the form."""

    brand: str


class Clear(Button, id="test.clear"):
    """Pressed inside the form."""

    brand: str


class BrandCard(Card, id="test.brand"):
    """One message a brand."""

    brand: str


class Renamed(Card, id="test.renamed"):
    """Said once for each version, in the card's thread."""

    brand: str
    version: int


class Broken(Card, id="test.broken"):
    """Can't be drawn."""

    brand: str


def note(brand: str, channel: str = "", text: str = "", fresh: str = "") -> Open:
    """The form."""
    view = Note(brand=brand, channel=channel).open(
        title="Note",
        submit="Send",
        close="Cancel",
        notify_on_close=True,
        blocks=[
            Note.input("text", "Text", text_input(text, lines=True), live=True, optional=True, fresh=fresh),
            Note.input("reason", "Reason", text_input(), optional=True),
            Note.input("pictures", "Pictures", files("png"), optional=True),
            actions(Clear(brand=brand).draw("Clear")),
        ],
    )
    return Open(view)


@router.on(BareCommand)
async def start(_: BareCommand, call: Call) -> Reply:
    return note("b1", call.channel or "")


@router.on(UnknownVerb)
async def unknown(command: UnknownVerb, call: Call) -> Reply:
    match command.word:
        case "bug":
            raise RuntimeError("a secret detail")
        case "done":
            raise AlreadyDone("error.already_closed", who=call.who.id, at=call.at)
        case "key":
            raise UserError("error.of_no_catalogue")
        case "blocks":
            return Say(Message("x", [section("y")] * 51))
        case _:
            return Say(f"{call.words('error.unknown_verb', word=command.text)}")


@router.on(Ask)
async def ask(press: Ask, call: Call) -> Reply:
    return note(press.brand, call.channel or "")


@router.on(Rename, needs=Role.APPROVER)
async def rename(press: Rename, call: Call) -> Reply:
    brand = await call.desk.store.get(Brand, press.brand)
    change = call.desk.store.begin()
    change.put(brand.model_copy(update={"name": press.name}), brand)
    change.emit(BrandChanged(brand=brand.id, by=call.who.id))
    await change.commit()
    return Quiet()


@router.on(Note, needs=[Role.AUTHOR, Role.APPROVER])
async def send(form: Note, call: Call) -> Reply:
    match form.text:
        case "field":
            raise FieldErrors({"text": UserError("error.field"), "reason": UserError("error.reason_missing")})
        case "errors":
            return Errors({"reason": UserError("error.reason_missing")})
        case "whole":
            raise AlreadyDone("error.already_closed", who=call.who.id, at=call.at)
        case "bug":
            raise RuntimeError("a secret detail")
        case "again":
            return Update(note(form.brand, text="drawn again", fresh="2").view)
        case None:
            return Close()
        case text:
            return Close(all=True, say=to_mrkdwn(f"noted: {text} {len(form.pictures)}"))


@router.live(Note)
async def changed(form: Note, field: str, call: Call) -> Reply:
    return Update(note(form.brand, form.channel, f"{field}={form.text}", fresh=str(call.at.timestamp())).view)


@router.closed(Note)
async def closed(form: Note, call: Call) -> Reply:
    return Say(f"closed {form.brand}")


@router.on(Clear)
async def clear(press: Clear, call: Call) -> Reply:
    filled = call.filled(Note)
    if filled and filled.reason == "refuse":
        raise UserError("error.reason_missing")
    return Update(note(press.brand, text=f"cleared {filled.text if filled else ''}", fresh="3").view)


@router.on(HomeOpened)
async def opened(_: HomeOpened, call: Call) -> Reply:
    return HomeView(home([section(f"Home of {call.member.name}"), actions(Ask(brand="b1").draw("Ask"))]))


@router.on(Mentioned)
async def mentioned(event: Mentioned, call: Call) -> Reply:
    return Several.of(Quiet(), Say(f"you said {event.text}"))


@router.on(BrandChanged)
async def redraw(event: BrandChanged, scene: Scene) -> Sequence[Draw]:
    brand = await scene.desk.store.get(Brand, event.brand)
    card = BrandCard(brand=brand.id)
    notice = Renamed(brand=brand.id, version=brand.version)
    return [Draw(brand.channels.review, card), Draw(brand.channels.review, notice, thread_of=card)]


@router.on(PostChanged)
async def broken(event: PostChanged, scene: Scene) -> Sequence[Draw]:
    raise RuntimeError("the others still say what to draw")


@router.on(PostChanged)
async def whole(event: PostChanged, scene: Scene) -> Sequence[Draw]:
    return [Draw(event.act, BrandCard(brand=event.post))]


@router.on(ConversationChanged)
async def never(event: ConversationChanged, scene: Scene) -> Sequence[Draw]:
    await scene.desk.store.get(Conversation, event.conversation)
    return [Draw(event.act, Broken(brand="b1"))]


@router.draws(BrandCard)
async def brand_card(card: BrandCard, scene: Scene) -> Sheet | None:
    brand = await scene.desk.store.find(Brand, card.brand)
    if brand is None:
        return None
    blocks = [
        section(brand.name, accessory=menu([("Back", Rename(brand=brand.id, name="back"))])),
        actions(Rename(brand=brand.id, name="pressed").draw("Rename"), Ask(brand=brand.id).draw("Ask")),
    ]
    return Sheet(Message(brand.name, blocks), version=brand.version)


@router.draws(Renamed)
async def renamed_notice(card: Renamed, scene: Scene) -> Sheet | None:
    brand = await scene.desk.store.get(Brand, card.brand)
    return Sheet(Message(f"now {brand.name}"), version=1, pinned=True)


@router.draws(Broken)
async def never_drawn(card: Broken, scene: Scene) -> Sheet | None:
    raise RuntimeError("can't be drawn")
