"""Facebook pages: the Graph API through facebook-sdk, comments by polling."""

from bot.network import Provider
from connectors.facebook.provider import Facebook

PROVIDER: Provider = Facebook()
