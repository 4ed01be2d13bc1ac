"""Which events give a conversation a card: every one, but for those that came in a storm and nobody has taken."""

from bot.domain.conversations import Conversation
from bot.slack.call import Scene
from handlers.views.inbox import ConversationCard


async def shown(talk: Conversation, act: str, scene: Scene) -> bool:
    """Whether its card is to be drawn now: it is there already, or this gives it one."""
    if await scene.desk.storms.has_card(talk, act):
        return True
    return await scene.where(ConversationCard(conversation=talk.id)) is not None
