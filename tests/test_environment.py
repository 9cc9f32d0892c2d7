"""Settings: defaults start the product, a bad value gives one line that names the setting."""

from __future__ import annotations

import pytest

from environment import BadSetting, read_environment


def test_defaults_need_nothing() -> None:
    environment = read_environment({})
    assert environment.host == "127.0.0.1"
    assert environment.engine_url == "http://127.0.0.1:5005"
    assert environment.redis_url is None


def test_engine_url_follows_the_port_unless_given() -> None:
    assert read_environment({"ENGINE_PORT": "6000"}).engine_url == "http://127.0.0.1:6000"
    given = read_environment({"ENGINE_PORT": "6000", "ENGINE_URL": "http://engine:5005/"})
    assert given.engine_url == "http://engine:5005"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "http"),
        ("WEB_PORT", "70000"),
        ("ENGINE_PORT", "-1"),
        ("ENGINE_URL", "localhost:5005"),
        ("REDIS_URL", "localhost"),
        ("CONVERSATION_MINUTES", "0"),
        ("ENGINE_TIMEOUT_SECONDS", "soon"),
        ("MAX_MESSAGE_CHARACTERS", "10"),
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
    environment = read_environment({"ALLOWED_ORIGINS": "https://a.dk, http://b.dk:8080 ,"})
    assert environment.allowed_origins == ("https://a.dk", "http://b.dk:8080")
