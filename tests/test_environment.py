"""Settings: defaults start the product, a bad value gives one line that names the setting."""

from __future__ import annotations

from pathlib import Path

import pytest

import environment
from environment import BadSetting, read_environment


def test_defaults_need_nothing() -> None:
    found = read_environment({})
    assert found.host == "127.0.0.1"
    assert found.engine_url == "http://127.0.0.1:5005"
    assert found.redis_url is None


def test_engine_url_follows_the_port_unless_given() -> None:
    assert read_environment({"ENGINE_PORT": "6000"}).engine_url == "http://127.0.0.1:6000"
    given = read_environment({"ENGINE_PORT": "6000", "ENGINE_URL": "http://engine:5005/"})
    assert given.engine_url == "http://engine:5005"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "http"),
        ("WEB_PORT", "70000"),
        ("WEB_PORT", "80\n00"),
        ("ENGINE_PORT", "-1"),
        ("ACTIONS_PORT", "5055.5"),
        ("ENGINE_URL", "localhost:5005"),
        ("ENGINE_URL", "http://"),
        ("ENGINE_URL", "http://engine:port"),
        ("REDIS_URL", "localhost"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "redis://host:port/0"),
        ("DATA_FOLDER", "no-such-folder"),
        ("CONVERSATION_MINUTES", "0"),
        ("ENGINE_TIMEOUT_SECONDS", "soon"),
        ("MAX_MESSAGE_CHARACTERS", "10"),
        ("LOG_LEVEL", "DEBUG"),
        ("LOG_LEVEL", "NOTSET"),
        ("LOG_LEVEL", "10"),
        ("REQUESTS_PER_CLIENT", "many"),
        ("CONVERSATIONS_PER_CLIENT", "-1"),
        ("MESSAGES_PER_CONVERSATION", "1.5"),
        ("MESSAGES_AT_ONCE", "0"),
        ("MAX_CONNECTIONS", "1"),
        ("TRUSTED_PROXIES", "10"),
        ("ALLOWED_HOSTS", "https://chat.horsens.dk"),
        ("ALLOWED_ORIGINS", "www.horsens.dk"),
        ("ALLOWED_ORIGINS", "https://www.horsens.dk/side"),
    ],
)
def test_a_bad_value_is_named_in_one_line(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_environment({name: value})
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_lists_are_split_and_trimmed() -> None:
    found = read_environment({"ALLOWED_ORIGINS": "https://a.dk, http://b.dk:8080 ,"})
    assert found.allowed_origins == ("https://a.dk", "http://b.dk:8080")


def test_blank_and_missing_values_mean_the_default() -> None:
    given = {"WEB_PORT": " ", "REDIS_URL": "", "SECRET_KEY": None, "ALLOWED_HOSTS": " , "}
    assert read_environment(given) == read_environment({})


def test_white_space_around_a_value_does_not_count() -> None:
    assert read_environment({"WEB_PORT": " 8080\n"}).web_port == 8080


def test_password_in_a_bad_address_is_not_repeated() -> None:
    with pytest.raises(BadSetting) as caught:
        read_environment({"REDIS_URL": "redis//:HEMMELIGT@host"})
    assert "HEMMELIGT" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["redis://127.0.0.1:6379/0", "rediss://user:word@redis.test:6380", "unix:///run/redis.sock"],
)
def test_redis_addresses_that_can_be_used(address: str) -> None:
    assert read_environment({"REDIS_URL": address}).redis_url == address


def test_process_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("WEB_PORT=8100\nENGINE_PORT=5100\n", encoding="utf-8")
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    for name in ("ENGINE_PORT", "DATA_FOLDER", "ENGINE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WEB_PORT", "8200")
    found = read_environment()
    assert (found.web_port, found.engine_port) == (8200, 5100)
