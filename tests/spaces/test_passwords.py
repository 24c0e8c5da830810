"""Passwords that guessers try early are refused, with a sentence that says what to do."""

import gzip
from pathlib import Path

import pytest
from django.contrib.auth import password_validation
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from spaces.models import User
from tenants.demo.accounts import PASSWORD as DEMO
from tests import make

GUESSABLE = [
    "aaaaaaaaaaaa", "123456789012", "abcabcabcabc", "abcdefghijkl", "qwertyuiop12", "1qaz2wsx3edc", "zxcvbnm,./12",
    "woaini1314520", "woaini1314woaini", "iloveyou1314", "zhongguo12345", "heilongjiang2026", "haerbin@20261129",
    "fuhuaqi@2026", "Fuhuaqi@2026!", "hatchery-2026", "chuangxin123456", "Admin@123456", "P@ssw0rd2026",
    "password1234", "20261129abcd", "13800138000a", "aaaabbbbcccc", "Guanliyuan@123", "longjiang66666",
]  # fmt: skip
GOOD = ["quiet river lamp 42", "l8Kd93mzQwpT", "烟囱 铅笔 冬天 骆驼 十二", make.PASSWORD, DEMO]


def refused(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {each.code for each in error.error_list}
    return set()


@pytest.mark.parametrize("password", GUESSABLE)
def test_a_guessable_password_is_refused(password):
    assert "password_guessable" in refused(password)


@pytest.mark.parametrize("password", GOOD)
def test_a_good_one_is_taken(password):
    assert refused(password) == set()


def test_what_django_calls_common_is_refused_too():
    """The whole of its list, as far as it is long enough for us at all."""
    path = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
    common = [word for word in gzip.decompress(path.read_bytes()).decode().split() if len(word) >= 12]

    assert len(common) > 50
    assert [word for word in common if not refused(word)] == []


@pytest.mark.parametrize("password", ["wangxm@firm.test", "wangxm2026wangxm", "13812345678.", "WangXiaoLong12"])
def test_the_persons_own_facts_are_guessed_first(password):
    user = User(email="wangxm@firm.test", name="wangxiaolong", phone="13812345678")

    assert "password_guessable" in refused(password, user)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_refusal_says_what_to_do(language):
    with translation.override(language), pytest.raises(ValidationError) as error:
        validate_password("aaaaaaaaaaaa")

    words = " ".join(error.value.messages)
    assert {"en": "it repeats itself. Take four words", "zh-hans": "四个"}[language] in words
    assert "aaaa" not in words


def test_a_very_long_one_costs_little():
    assert refused("Aa1!" * 1000) == {"password_guessable"}
