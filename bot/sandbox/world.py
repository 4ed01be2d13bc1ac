"""The people, channels, brands and accounts that exist outside Vocero when the demo begins.

Ids have the shapes of the real services (Slack `U…`/`C…`, X and Facebook numeric strings). Credentials are
made up, differ per account, and are what `python -m bot demo` hands to the bot as an operator would.
"""

import os
from dataclasses import dataclass

_MARK = os.environ.get("SANDBOX_CANARY", "")
"""Letters and digits in every credential below, for tests that look whether one is seen where it must not be."""

TEAM_ID = "T01VOCERO01"
TEAM_NAME = "Vocero Demo"
APP_ID = "A01VOCERO01"
BOT_ID = "B01VOCERO01"
BOT_USER_ID = "U01VOCERO01"
BOT_TOKEN = f"xoxb-sandbox-bot-0001{_MARK}"
APP_TOKEN = f"xapp-sandbox-app-0001{_MARK}"
SIGNING_SECRET = f"sandbox-signing-secret{_MARK}"
X_CONSUMER_KEY = f"sandbox-x-consumer-key{_MARK}"
X_CONSUMER_SECRET = f"sandbox-x-consumer-secret{_MARK}"
FACEBOOK_APP_ID = "100200300400500"
FACEBOOK_APP_SECRET = f"sandbox-facebook-app-secret{_MARK}"


@dataclass(frozen=True)
class User:
    """A member of the Slack workspace; `locale` as Slack writes it (`es-ES`), `zone` an IANA name."""

    id: str
    name: str
    real_name: str
    locale: str
    zone: str
    is_admin: bool = False
    is_owner: bool = False


@dataclass(frozen=True)
class Channel:
    """A public channel that the bot is a member of."""

    id: str
    name: str


@dataclass(frozen=True)
class Account:
    """A profile on a network and the credentials that open it.

    X: `token` and `secret` are the OAuth 1.0a user token. Facebook: `token` is the page token. Practice: `token`
    is the bearer key of the practice service.
    """

    id: str
    network: str
    handle: str
    name: str
    brand: str
    token: str
    secret: str = ""


USERS = (
    User("U01ANA00001", "ana", "Ana Ruiz", "es-ES", "Europe/Madrid"),
    User("U01BRUNO001", "bruno", "Bruno Vidal", "es-ES", "Europe/Madrid"),
    User("U01CARLA001", "carla", "Carla Moreno", "en-US", "Europe/Madrid"),
    User("U01DIEGO001", "diego", "Diego Park", "en-US", "America/New_York"),
    User("U01EVA00001", "eva", "Eva Sanz", "es-ES", "Europe/Madrid"),
    User("U01ADMIN001", "admin", "Alma Reyes", "en-US", "Europe/Madrid", is_admin=True, is_owner=True),
)

CHANNELS = (
    Channel("C01GENERAL1", "general"),
    Channel("C01AGORREV1", "agora-review"),
    Channel("C01AGORINB1", "agora-inbox"),
    Channel("C01AGORALE1", "agora-alerts"),
    Channel("C01AGORDIG1", "agora-digest"),
    Channel("C01NORTREV1", "northwind-review"),
    Channel("C01NORTINB1", "northwind-inbox"),
    Channel("C01NORTALE1", "northwind-alerts"),
    Channel("C01NORTDIG1", "northwind-digest"),
    Channel("C01ENSAYO01", "ensayo"),
)

ACCOUNTS = (
    Account(
        "1500000000000000001",
        "x",
        "cafe_agora",
        "Café Ágora",
        "Café Ágora",
        f"x-token-agora{_MARK}",
        f"x-secret-agora{_MARK}",
    ),
    Account(
        "1500000000000000002",
        "x",
        "northwindbooks",
        "Northwind Books",
        "Northwind Books",
        f"x-token-northwind{_MARK}",
        f"x-secret-northwind{_MARK}",
    ),
    Account("103000000000001", "facebook", "cafe.agora", "Café Ágora", "Café Ágora", f"EAAsandboxagora0001{_MARK}"),
    Account(
        "103000000000002",
        "facebook",
        "northwind.books",
        "Northwind Books",
        "Northwind Books",
        f"EAAsandboxnorthwind0001{_MARK}",
    ),
    Account("ensayo", "practice", "ensayo", "Ensayo", "Ensayo", f"practice-key-ensayo{_MARK}"),
)


def account(network: str, brand: str) -> Account:
    """A brand's account on a network."""
    return next(each for each in ACCOUNTS if (each.network, each.brand) == (network, brand))
