"""What presses answer with that show nothing themselves: Home as it is now, or where the card is that follows."""

from collections.abc import Sequence

from bot.desk.inbox import ConversationPage
from bot.domain.conversations import Conversation
from bot.slack.call import Call, Scene
from bot.slack.reply import HomeView, Quiet, Reply, Say
from handlers.views.custody import banner
from handlers.views.faces import names_of
from handlers.views.home import home_view
from handlers.views.private import home_of_card


async def home_of(call: Call) -> HomeView:
    """This person's Home, from the records as they are now."""
    page = await call.desk.days.home(call.who, call.member, zone=call.zone.key)
    names = await names_of(call.desk.member, page.day.people)
    first = banner(await call.desk.custody.now(), call.zone.key, call.words)
    return HomeView(home_view(page, call.words, names, call.desk.now(), first))


async def after_press(call: Call) -> Reply:
    """What a press answers that shows nothing itself: Home again if it was pressed there; cards follow their events."""
    inside = call.view is not None and call.view.type == "home"
    return await home_of(call) if inside else Quiet()


async def done_with(conversation: str, call: Call) -> Reply:
    """A press on a conversation: on its card, on Home and in a form it is seen at once; anywhere else a sentence says
    where."""
    page = await call.desk.inbox.page(conversation)
    if at_home(page, call.channel) or call.view is not None:
        return Quiet()
    return Say(call.words("inbox.done", channel=home_of_card(page.conversation, page.brand, call.words)))


def at_home(page: ConversationPage, channel: str | None) -> bool:
    """Whether that is where the conversation's card stands; direct messages are somebody's own."""
    place = page.conversation.home(page.brand.channel("inbox"))
    return place == channel or (place.startswith("@") and (channel or "").startswith("D"))


async def places_of(conversation: str, scene: Scene) -> Sequence[str]:
    """Where its card stands, and where it stood before and says only that it is gone."""
    places = await scene.desk.private.places(await scene.desk.conversations.get(conversation))
    left = (await scene.desk.conversations.get(conversation)).left
    return [*places, *left]


def gone_from(talk: Conversation, scene: Scene) -> bool:
    """Whether a private conversation may not be seen here (any more): deny by default."""
    return talk.private and scene.channel not in talk.places
