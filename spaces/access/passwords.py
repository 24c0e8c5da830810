"""Refuse passwords that are guessed early: by the number of guesses (zxcvbn), not by kinds of characters.

zxcvbn has lists of leaked passwords (woaini1314 is among them) and English words; the words of this place and the
habits of Chinese users are listed here, personal ones are taken from the account.
"""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

ENOUGH = 10**10  # zxcvbn calls it "very unguessable"
LONGEST = 72  # its time grows with the square of the length; further characters can only make a password better
WORDS = (
    "hatchery", "fuhua", "fuhuaqi", "chuangxin", "chuangye", "chuangyekongjian", "longjiang", "heilongjiang",
    "haerbin", "harbin", "daqing", "qiqihaer", "hagongda", "dongbei", "shengtaiquan", "yuanqu", "keji", "zhongguo",
    "china", "zhengfu", "kejiting", "gongye", "daxue", "xuesheng", "laoshi", "guanliyuan", "admin", "administrator",
    "manager", "guanli", "yonghu", "mima", "denglu", "qiye", "gongsi", "zhanghao", "woaini", "aini", "baobei",
    "qinqin", "laopo", "laogong", "mama", "baba", "jiayou", "facai", "gongxi", "kuaile", "xiaoming", "wangwei",
    "zhangwei", "lina", "liqiang", "wangfang", "zhangmin", "1314", "520", "5201314", "1314520", "147258", "147258369",
    "741852963", "159357", "a1b2c3", "1q2w3e4r", "qazwsx", "qweasd", "qweasdzxc", "asdqwe", "zaq12wsx", "111222",
    "112233", "aabbcc", "123123", "321321", "666888", "888888", "168168", "welcome", "changeme", "letmein",
)  # fmt: skip
# By the pattern that zxcvbn finds in the larger part of a password.
REASONS = {
    "repeat": lambda: _("it repeats itself"),
    "sequence": lambda: _("it is a sequence, such as abcd or 4321"),
    "spatial": lambda: _("it follows the rows of the keyboard"),
    "date": lambda: _("it is a date"),
    "dictionary": lambda: _("it is made of common words, names or leaked passwords"),
    "regex": lambda: _("it is a year"),
    "bruteforce": lambda: _("it is too short for what it is made of"),
}


class GuessableValidator:
    def validate(self, password: str, user: Any = None) -> None:
        found = zxcvbn(password[:LONGEST], user_inputs=[*WORDS, *_words_of(user)])
        if found["guesses"] >= ENOUGH:
            return
        pattern = max(found["sequence"], key=lambda part: len(part["token"]))["pattern"]
        message = _(
            "This password is easy to guess: %(reason)s. Take four words that have nothing to do with each other, "
            "or let your browser make one up."
        )
        raise ValidationError(message % {"reason": REASONS[pattern]()}, code="password_guessable")

    def get_help_text(self) -> str:
        return _("Four words that have nothing to do with each other are hard to guess and easy to keep.")


def _words_of(user: Any) -> list[str]:
    """Words of the user and of the site in lower case, as zxcvbn compares them."""
    facts = [getattr(user, name, "") or "" for name in ("email", "name", "phone")]
    return [
        word.casefold() for text in (*facts, settings.SITE_TITLE) for word in (text, *re.split(r"\W+", text)) if word
    ]
