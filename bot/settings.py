"""What the operator decides, read once from the environment and a `.env` file: tokens, addresses, where data lives.

What a team decides (brands, channels, roles) is not here: that is set in Slack and stored.
"""

import base64
import binascii
import difflib
import re
import textwrap
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.errors import ConfigurationError

DOTENV = ".env"

_BELONGS = {  # a token's prefix: what it is, and where it belongs; https://docs.slack.dev/authentication/tokens
    "xoxb-": ("a bot token (xoxb-…)", "it belongs in SLACK_BOT_TOKEN"),
    "xapp-": ("an app-level token (xapp-…)", "it belongs in SLACK_APP_TOKEN"),
    "xoxp-": ("a user token (xoxp-…)", "copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions instead"),
    "xoxe": ("a token that expires (xoxe…)", "turn token rotation off and copy the lasting one"),
}
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_RULES = {
    "slack_mode": "must be socket or http",
    "port": "must be a whole number from 0 to 65535",
    "vocero_poll_seconds": "must be a number of seconds from 1 to 86400",
    "vocero_log_level": "must be debug, info, warning or error",
    "vocero_log_format": "must be text or json",
    "vocero_metrics_port": "must be a whole number from 0 to 65535",
}

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["text", "json"]


class Settings(BaseSettings):
    """Every setting by the name of its environment variable, in small letters. Secrets don't print."""

    model_config = SettingsConfigDict(
        env_file=DOTENV, env_ignore_empty=True, extra="ignore", frozen=True, str_strip_whitespace=True
    )

    slack_bot_token: SecretStr = Field(description="Slack app, OAuth & Permissions: Bot User OAuth Token (xoxb-…).")
    slack_app_token: SecretStr | None = Field(
        default=None,
        description="For Socket Mode: Basic Information, App-Level Tokens, with connections:write (xapp-…).",
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="For signed HTTP: Basic Information, Signing Secret."
    )
    slack_mode: Literal["socket", "http"] | None = Field(
        default=None, description="socket or http, where both of the above are set; socket if left empty."
    )
    slack_api_url: str = Field(default="https://slack.com/api/", description="Slack's Web API.")

    x_consumer_key: SecretStr | None = Field(default=None, description="X developer portal: API key of your app.")
    x_consumer_secret: SecretStr | None = Field(default=None, description="X developer portal: API key secret.")
    x_api_url: str = Field(default="https://api.twitter.com", description="X's API.")
    x_site_url: str = Field(default="https://x.com", description="Where people read X, for links.")

    facebook_app_id: str | None = Field(default=None, description="Meta for Developers, App settings, Basic: App ID.")
    facebook_app_secret: SecretStr | None = Field(default=None, description="The same page: App secret.")
    facebook_graph_url: str = Field(default="https://graph.facebook.com", description="Facebook's Graph API.")
    facebook_site_url: str | None = Field(default=None, description="Where people read Facebook, if not there.")

    practice_url: str | None = Field(
        default=None, description="The practice network; the bot starts its own if left empty."
    )

    redis_url: SecretStr | None = Field(
        default=None,
        description="Valkey or Redis 7 or newer (redis://, rediss://, unix://); a store of its own if left empty.",
    )

    vocero_data: Path = Field(default=Path(".vocero"), description="The folder of the store and of the key.")
    vocero_key: SecretStr | None = Field(
        default=None,
        description="Encrypts accounts' credentials: 32 bytes in base64; further ones, after commas, open what "
        "older keys sealed. Made in VOCERO_DATA if left empty; set it where web and worker run on different machines.",
    )
    vocero_admins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="First admins: Slack user ids, with commas; else the workspace's owner who opens Home."
    )
    host: str = Field(default="0.0.0.0", description="The address the web process listens on.")  # noqa: S104
    port: int = Field(default=3000, ge=0, le=65535, description="The port the web process listens on.")

    vocero_public_url: str | None = Field(
        default=None,
        description="The https address under which the web process is reached from outside; with it, Facebook tells of "
        "comments at once. Without it they are fetched.",
    )
    vocero_poll_seconds: float = Field(
        default=60, ge=1, le=86400, description="How often networks are asked for comments, in seconds."
    )
    vocero_reachable: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Addresses of your own network that the alarms' webhook may lead to, such as 10.0.0.5:8080, with "
        "commas; public ones need no mention.",
    )
    vocero_log_level: LogLevel = Field(default="info", description="debug, info, warning or error.")
    vocero_log_format: LogFormat | None = Field(
        default=None, description="text or json; if left empty, text on a terminal and JSON elsewhere."
    )
    vocero_metrics_port: int | None = Field(
        default=None, ge=0, le=65535, description="Where /metrics is for Prometheus, one port for each process."
    )
    vocero_metrics_host: str = Field(
        default="127.0.0.1", description="The address of that port; whoever reaches it can read it."
    )
    vocero_failpoints: str = Field(default="", description="For tests only: where the process kills itself.")

    @property
    def mode(self) -> Literal["socket", "http"]:
        """How Slack reaches us."""
        return self.slack_mode or ("socket" if self.slack_app_token else "http")

    @field_validator("slack_bot_token", "slack_app_token", "slack_signing_secret")
    @classmethod
    def _in_its_place(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        name = str(info.field_name)
        own = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}.get(name)
        text = value.get_secret_value() if value else ""
        if value is None or not text or (own and text.startswith(own)):
            return value
        for prefix, (what, where) in _BELONGS.items():
            if text.startswith(prefix):
                raise ValueError(f"holds {what}: {where}")
        if own:
            raise ValueError(f"must begin with {own}")
        return value

    @field_validator(
        "slack_api_url",
        "x_api_url",
        "x_site_url",
        "facebook_graph_url",
        "facebook_site_url",
        "practice_url",
        "vocero_public_url",
    )
    @classmethod
    def _is_web_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
            raise ValueError("must be an address that begins with https:// (or http://)")
        return value.rstrip("/") + ("/" if info.field_name == "slack_api_url" else "")

    @field_validator("redis_url")
    @classmethod
    def _is_store_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.match(r"(rediss?|unix)://\S", value.get_secret_value()):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return value

    @field_validator("vocero_key")
    @classmethod
    def _is_key(cls, value: SecretStr | None) -> SecretStr | None:
        for key in value.get_secret_value().split(",") if value else ():
            text = re.sub(r"^check\.[0-9a-f]{8}\.", "", key.strip())  # the checking half of one that was dropped
            try:
                length = len(base64.b64decode(text, validate=True))
            except binascii.Error:
                length = 0
            if length != 32:
                raise ValueError("must be 32 bytes in base64, or several such keys with commas between them")
        return value

    @field_validator("vocero_admins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> tuple[str, ...]:
        ids = tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else tuple(value)
        ids = tuple(part for part in ids if part)
        for one in ids:
            if not _SLACK_ID.fullmatch(one):
                raise ValueError(f"must be Slack user ids such as U01ABCDEF, with commas; {one!r} is none")
        return ids

    @field_validator("vocero_reachable", mode="before")
    @classmethod
    def _are_addresses(cls, value: Any) -> tuple[str, ...]:
        found = tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else tuple(value)
        for one in filter(None, found):
            host, _, port = one.rpartition(":")
            try:
                ip_address(host.strip("[]"))
            except ValueError:
                port = ""
            if not port.isdecimal() or not 0 < int(port) < 65536:
                raise ValueError(
                    f"must be IP addresses with a port such as 10.0.0.5:8080, with commas; {one!r} is none"
                )
        return tuple(filter(None, found))

    @field_validator("vocero_log_level", "vocero_log_format", "slack_mode", mode="before")
    @classmethod
    def _in_small_letters(cls, value: Any) -> Any:
        return value.strip().lower() if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` hands over, so that a demo is never mixed with somebody's environment."""
        return (init_settings,)


def load(given: Mapping[str, str] | None = None) -> Settings:
    """The settings from the environment and `.env` in the working directory, the environment first.

    With `given` (names of variables and their values), from there and nowhere else. Raises ConfigurationError with
    one sentence for each setting that is missing or wrong, all of them at once.
    """
    sentences = []
    if given is None:
        sentences += _misspelt()
        present = {**DotEnvSettingsSource(Settings)(), **EnvSettingsSource(Settings)()}
    else:
        present = {name.lower(): value for name, value in given.items() if value}
    try:
        settings = Settings(**present)
    except ValidationError as error:
        settings = None
        sentences += [_sentence(found) for found in error.errors() if found["type"] != "missing"]
    sentences += _missing(present)
    if settings is None or sentences:
        raise ConfigurationError(*sentences)
    return settings


def example() -> str:
    """The text of `.env.example`: every setting with its meaning; those with a default are commented out."""
    lines = [
        "# Copy this file to .env and fill in what you need: two Slack tokens are enough to start.",
        "# Variables of the environment win over this file. Nothing of it is needed for `make demo`.",
    ]
    for name, field in Settings.model_fields.items():
        lines += ["", *(f"# {line}" for line in textwrap.wrap(field.description or "", 116))]
        filled = isinstance(field.default, str | int | float | Path)
        lines.append(f"# {name.upper()}={field.default}" if filled else f"{name.upper()}=")
    return "\n".join(lines) + "\n"


def _missing(present: Mapping[str, Any]) -> list[str]:
    """What the settings lack together, whether or not each is right in itself."""
    sentences = []
    if "slack_bot_token" not in present:
        sentences.append("SLACK_BOT_TOKEN is missing: copy your Slack app's Bot User OAuth Token (xoxb-…).")
    mode = str(present.get("slack_mode", "")).lower()
    if mode == "socket" and "slack_app_token" not in present:
        sentences.append("SLACK_APP_TOKEN is missing: SLACK_MODE=socket needs an app-level token (xapp-…).")
    elif mode == "http" and "slack_signing_secret" not in present:
        sentences.append("SLACK_SIGNING_SECRET is missing: SLACK_MODE=http needs your Slack app's signing secret.")
    elif not {"slack_app_token", "slack_signing_secret"} & present.keys():
        sentences.append("Set SLACK_APP_TOKEN (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for signed HTTP.")
    for one, other in (("x_consumer_key", "x_consumer_secret"), ("facebook_app_id", "facebook_app_secret")):
        for name, twin in ((one, other), (other, one)):
            if name not in present and twin in present:
                sentences.append(f"{name.upper()} is missing: {twin.upper()} is of no use without it.")
    return sentences


def _sentence(found: ErrorDetails) -> str:
    """One finding of pydantic in the operator's words; a secret's value is never repeated."""
    name = str(found["loc"][0])
    if name in _RULES:
        return f"{name.upper()} {_RULES[name]}; it is {str(found['input'])!r}."
    reason = str(found.get("ctx", {}).get("error", found["msg"]))
    return f"{name.upper()} {reason}."


def _misspelt() -> list[str]:
    """A sentence for each line of `.env` that nearly names a setting."""
    names = [name.upper() for name in Settings.model_fields]
    sentences = []
    for written in dotenv_values(DOTENV):
        near = difflib.get_close_matches(written.upper(), names, n=1, cutoff=0.85)
        if near and written.upper() != near[0]:
            sentences.append(f"{written} in {DOTENV} is no setting: {near[0]} was meant.")
    return sentences
