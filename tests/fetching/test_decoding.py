"""Character sets that lie, and compressed bodies at the edges."""

# ruff: noqa: RUF001 - letters of many scripts

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetching.decoding import DecodingFailed, decoded, decompressed


@pytest.mark.parametrize(
    ("content", "media_type", "text"),
    [
        ("Curaçao".encode(), "text/html; charset=iso-8859-1", "Curaçao"),
        ("Curaçao".encode("cp1252"), "text/html; charset=utf-8", "Curaçao"),
        ("\u201cHaiti\u201d".encode("cp1252"), "", "\u201cHaiti\u201d"),
        ("Дело".encode("koi8-r"), "text/html; charset=koi8-r", "Дело"),
        ('<meta charset="windows-1251">Дело'.encode("cp1251"), "", '<meta charset="windows-1251">Дело'),
        ("Haiti".encode("utf-16"), "text/html; charset=utf-8", "Haiti"),
        ("Haiti".encode("utf-16-le"), "text/html", "Haiti"),
        ("Haiti".encode("utf-16-be"), "text/html", "Haiti"),
        (b"\xef\xbb\xbfHaiti", "text/html; charset=cp1252", "Haiti"),
        (b"caf\xe9", "text/html; charset=idna", "café"),
        (b"caf\xe9", "text/html; charset=iso-8859-99", "café"),
        ("São Tomé, Curaçao".encode() + b" \xe9", "text/html", "São Tomé, Curaçao \ufffd"),
        ("São Tomé, Curaçao".encode()[:-3], "", "São Tomé, Cura\ufffd"),
        ("Haiti".encode("utf-32"), "", "Haiti"),
        (b"a lone \0 zero", "text/plain", "a lone \0 zero"),
        (
            '<?xml version="1.0" encoding="koi8-r"?>Дело'.encode("koi8-r"),
            "",
            '<?xml version="1.0" encoding="koi8-r"?>Дело',
        ),
        ("人身取引".encode("shift_jis"), "text/html; charset=x-sjis", "人身取引"),
        (b"caf\xe9", "text/html; charset=rot13", "café"),
    ],
)
def test_text_is_what_its_bytes_are_rather_than_what_they_are_called(content, media_type, text):
    assert decoded(content, media_type) == text


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("big5", "警方表示，法院昨天判決四名人口販運者有罪，並命令他們賠償受害者。"),
        ("gb2312", "警方表示，法院昨天判决四名人口贩运者有罪，并命令他们赔偿受害者。"),
        ("euc-kr", "검찰은 어제 법원이 인신매매범 네 명에게 유죄를 선고했다고 밝혔다."),
        ("shift_jis", "警察によると、裁判所は昨日、人身取引の罪で四人に有罪判決を言い渡した。"),
        ("koi8-r", "Прокуратура сообщила, что вчера суд признал виновными четырёх торговцев людьми."),
        ("cp1251", "Прокуратура сообщила, что вчера суд признал виновными четырёх торговцев людьми."),
        ("cp1253", "Η εισαγγελία ανακοίνωσε ότι το δικαστήριο καταδίκασε χθες τέσσερις διακινητές."),
        ("cp1255", "המשטרה אמרה כי בית המשפט הרשיע אתמול ארבעה סוחרי אדם והורה להם לפצות."),
        ("cp1256", "قالت النيابة إن المحكمة أدانت أمس أربعة من المتاجرين بالبشر وأمرتهم بتعويض الضحايا."),
        ("cp1252", "Le parquet a déclaré que le tribunal a condamné hier quatre trafiquants à des peines."),
    ],
)
def test_a_text_that_does_not_say_its_character_set_is_told_by_its_letters(charset, text):
    markup = f"<rss version='2.0'><channel><item><title>{text}</title></item></channel></rss>"
    assert decoded(markup.encode(charset)) == markup


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_decode(content, charset):
    assert isinstance(decoded(content, f"text/html; charset={charset}"), str)


def test_a_gzip_of_several_members_is_read_to_its_end():
    assert decompressed(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip", limit=100) == b"one two"


@pytest.mark.parametrize("encoding", ["", "identity", "none", "UTF-8", "binary"])
def test_an_encoding_that_is_none_leaves_the_body_as_it_is(encoding):
    assert decompressed(b"body", encoding, limit=100) == b"body"


def test_deflate_is_read_with_and_without_its_header():
    bare = zlib.compress(b"body")[2:-4]
    assert decompressed(zlib.compress(b"body"), "deflate", limit=100) == b"body"
    assert decompressed(bare, "deflate", limit=100) == b"body"


def test_damage_may_be_gone_the_next_time():
    with pytest.raises(DecodingFailed) as caught:
        decompressed(b"no gzip", "gzip", limit=100)
    assert caught.value.transient


def test_a_body_of_exactly_the_limit_is_let_through():
    assert len(decompressed(gzip.compress(bytes(100)), "gzip", limit=100)) == 100


@given(st.binary(max_size=200), st.sampled_from(["gzip", "br", "deflate", "gzip, br"]))
def test_any_bytes_decompress_or_fail_in_words(body, encoding):
    with suppress(DecodingFailed):
        assert len(decompressed(body, encoding, limit=1000)) <= 1000
