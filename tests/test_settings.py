"""Settings: one clear sentence for each mistake, all at once, and never a secret in it."""

import base64
import re
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import Settings, example, load

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-secret", "SLACK_APP_TOKEN": "xapp-1-secret"}


def sentences(**given: str) -> list[str]:
    """What is wrong with two good tokens and these."""
    with pytest.raises(ConfigurationError) as raised:
        load(TOKENS | given)
    return list(raised.value.sentences)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


def test_two_tokens_are_enough() -> None:
    settings = load(TOKENS)
    assert settings.mode == "socket"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert (settings.host, settings.port, settings.vocero_poll_seconds) == ("0.0.0.0", 3000, 60)
    assert settings.vocero_data == Path(".vocero")
    assert settings.vocero_admins == ()


def test_nothing_at_all_says_what_to_set() -> None:
    with pytest.raises(ConfigurationError) as raised:
        load({})
    assert raised.value.sentences == (
        "SLACK_BOT_TOKEN is missing: copy your Slack app's Bot User OAuth Token (xoxb-…).",
        "Set SLACK_APP_TOKEN (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for signed HTTP.",
    )


@pytest.mark.parametrize(
    ("given", "mode"),
    [
        ({"SLACK_APP_TOKEN": "xapp-1"}, "socket"),
        ({"SLACK_SIGNING_SECRET": "s3cret"}, "http"),
        ({"SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "s3cret"}, "socket"),
        ({"SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "s3cret", "SLACK_MODE": " HTTP "}, "http"),
        ({"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "s3cret"}, "http"),
    ],
)
def test_the_mode_follows_what_is_there(given: dict[str, str], mode: str) -> None:
    assert load({"SLACK_BOT_TOKEN": "xoxb-1"} | given).mode == mode


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"SLACK_BOT_TOKEN": "xapp-1"},
            "SLACK_BOT_TOKEN holds an app-level token (xapp-…): it belongs in SLACK_APP_TOKEN.",
        ),
        ({"SLACK_BOT_TOKEN": "xoxp-1"}, "SLACK_BOT_TOKEN holds a user token (xoxp-…): copy the Bot User OAuth Token"),
        ({"SLACK_BOT_TOKEN": "xoxe.xoxb-1"}, "SLACK_BOT_TOKEN holds a token that expires"),
        ({"SLACK_BOT_TOKEN": "hello"}, "SLACK_BOT_TOKEN must begin with xoxb-."),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN holds a bot token (xoxb-…): it belongs in SLACK_BOT_TOKEN."),
        ({"SLACK_SIGNING_SECRET": "xapp-1"}, "SLACK_SIGNING_SECRET holds an app-level token"),
        ({"SLACK_MODE": "http"}, "SLACK_SIGNING_SECRET is missing: SLACK_MODE=http needs"),
        ({"SLACK_MODE": "rtm"}, "SLACK_MODE must be socket or http; it is 'rtm'."),
        ({"SLACK_MODE": "socket", "SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "s"}, "SLACK_APP_TOKEN is missing"),
        ({"PORT": "http"}, "PORT must be a whole number from 0 to 65535; it is 'http'."),
        ({"PORT": "70000"}, "PORT must be a whole number from 0 to 65535; it is '70000'."),
        ({"X_API_URL": "api.twitter.com"}, "X_API_URL must be an address that begins with https:// (or http://)."),
        ({"SLACK_API_URL": "https://slack.com/api/?x=1"}, "SLACK_API_URL must be an address"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL must begin with redis://, rediss:// or unix://."),
        ({"VOCERO_KEY": "c2hvcnQ="}, "VOCERO_KEY must be 32 bytes in base64"),
        (
            {"VOCERO_ADMINS": "U01AB,@ana"},
            "VOCERO_ADMINS must be Slack user ids such as U01ABCDEF, with commas; '@ana' is",
        ),
        ({"VOCERO_POLL_SECONDS": "0"}, "VOCERO_POLL_SECONDS must be a number of seconds from 1 to 86400; it is '0'."),
        ({"VOCERO_POLL_SECONDS": "nan"}, "VOCERO_POLL_SECONDS must be a number of seconds"),
        ({"VOCERO_LOG_LEVEL": "loud"}, "VOCERO_LOG_LEVEL must be debug, info, warning or error; it is 'loud'."),
        ({"X_CONSUMER_KEY": "k"}, "X_CONSUMER_SECRET is missing: X_CONSUMER_KEY is of no use without it."),
        ({"FACEBOOK_APP_SECRET": "s"}, "FACEBOOK_APP_ID is missing: FACEBOOK_APP_SECRET is of no use without it."),
    ],
)
def test_each_mistake_is_one_sentence(given: dict[str, str], said: str) -> None:
    found = sentences(**given)
    assert len(found) == 1
    assert found[0].startswith(said)
    assert found[0].endswith(".")


def test_all_mistakes_are_told_at_once_and_no_secret_is() -> None:
    found = sentences(
        SLACK_BOT_TOKEN="xapp-1-secret", REDIS_URL="secret", PORT="x", X_CONSUMER_KEY="secret", VOCERO_KEY="secret"
    )
    assert [sentence.split()[0] for sentence in found] == [
        "SLACK_BOT_TOKEN",
        "REDIS_URL",
        "VOCERO_KEY",
        "PORT",
        "X_CONSUMER_SECRET",
    ]
    assert "secret" not in " ".join(found)


def test_what_is_read_is_put_in_order() -> None:
    key = base64.b64encode(bytes(32)).decode()
    settings = load(
        TOKENS
        | {
            "SLACK_BOT_TOKEN": " xoxb-2 ",
            "SLACK_API_URL": "http://127.0.0.1:8400/api",
            "X_API_URL": "http://127.0.0.1:8400/x/",
            "VOCERO_ADMINS": " U01AB , W02CD,",
            "VOCERO_KEY": f"{key}, {key}",
            "REDIS_URL": "unix:///run/valkey.sock",
            "PORT": "0",
            "VOCERO_LOG_LEVEL": "DEBUG",
        }
    )
    assert settings.slack_bot_token.get_secret_value() == "xoxb-2"
    assert settings.slack_api_url == "http://127.0.0.1:8400/api/"
    assert settings.x_api_url == "http://127.0.0.1:8400/x"
    assert settings.vocero_admins == ("U01AB", "W02CD")
    assert settings.vocero_log_level == "debug"


def test_secrets_do_not_print() -> None:
    settings = load(TOKENS | {"SLACK_SIGNING_SECRET": "the-secret", "REDIS_URL": "redis://:the-secret@host"})
    assert not re.search("the-secret|-1-secret", f"{settings!r} {settings} {settings.model_dump()}")


def test_the_environment_wins_over_the_file(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text("SLACK_BOT_TOKEN=xoxb-file\nSLACK_APP_TOKEN=xapp-file\nPORT=\nHOST=file\n", "utf-8")
    monkeypatch.setenv("HOST", "environment")
    monkeypatch.setenv("VOCERO_ADMINS", "U01AB,U02CD")
    settings = load()
    assert settings.slack_bot_token.get_secret_value() == "xoxb-file"
    assert (settings.host, settings.port, settings.vocero_admins) == ("environment", 3000, ("U01AB", "U02CD"))


def test_given_settings_take_nothing_from_the_environment(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text("HOST=file\n", "utf-8")
    monkeypatch.setenv("PORT", "1")
    settings = load(TOKENS)
    assert (settings.host, settings.port) == ("0.0.0.0", 3000)


def test_a_misspelt_line_of_the_file_is_pointed_out(elsewhere: Path) -> None:
    lines = [f"{name}={value}" for name, value in TOKENS.items()]
    (elsewhere / ".env").write_text("\n".join([*lines, "VOCERO_ADMIN=U01AB", "EDITOR=vi"]), "utf-8")
    with pytest.raises(ConfigurationError) as raised:
        load()
    assert raised.value.sentences == ("VOCERO_ADMIN in .env is no setting: VOCERO_ADMINS was meant.",)


def test_the_example_is_a_file_that_can_be_filled_in(elsewhere: Path) -> None:
    filled = (
        example()
        .replace("SLACK_BOT_TOKEN=", "SLACK_BOT_TOKEN=xoxb-1")
        .replace("SLACK_APP_TOKEN=", "SLACK_APP_TOKEN=xapp-1")
    )
    lines = [line for line in filled.splitlines() if "=" in line]
    (elsewhere / ".env").write_text("\n".join(line.removeprefix("# ") for line in lines), "utf-8")
    assert load() == load({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"})
