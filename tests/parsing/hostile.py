"""Letters made to stop a parser (assurance 1.3), generated; none of them is from a corpus."""

import base64


def letter(body: bytes, content_type: bytes = b"text/plain", more: bytes = b"") -> bytes:
    return b"From: a@example.com\nSubject: s\nContent-Type: " + content_type + b"\n" + more + b"\n" + body


def html(body: bytes) -> bytes:
    return letter(body, b"text/html; charset=utf-8")


def field(name: bytes, value: bytes) -> bytes:
    return name + b": " + value + b"\nSubject: s\n\nhello"


def nested(levels: int) -> bytes:
    opened = (
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level)
        for level in range(levels)
    )
    return b"From: a@example.com\n" + b"".join(opened) + b"Content-Type: text/plain\n\nhello"


_BASE64 = b"Content-Transfer-Encoding: base64\n"
_DAEMON = b"From: mailer-daemon@example.com\nSubject: undeliverable\n\n"

LETTERS: dict[str, bytes] = {
    "2000 nested multiparts": nested(2000),
    "5000 nested letters": b"Content-Type: message/rfc822\n\n" * 5000 + b"x",
    "200k empty parts": letter(b"--b\n\n" * 200_000 + b"--b--", b"multipart/mixed; boundary=b"),
    "one boundary for every level": b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 3000,
    "100k addresses": field(b"To", b", ".join(b"u%d@example.com" % n for n in range(100_000))),
    "unclosed message id": b"Message-ID: <\nSubject: s\n\nhello",
    "20k parameters": letter(b"x", b"text/plain" + b"".join(b"; a%d=b" % n for n in range(20_000))),
    "100k encoded words": field(b"Subject", b"=?utf-8?q?a?= " * 100_000),
    "100k folded encoded words": field(b"Subject", b"=?utf-8?q?a?=\n " * 100_000),
    "50k open comments": field(b"To", b"(" * 50_000),
    "escaped quotes without end": field(b"To", b'"' + b'\\"' * 8000),
    "8k quoted words": field(b"To", b'"a" ' * 4000),
    "16k colons": field(b"To", b":" * 16_000),
    "16k brackets": field(b"To", b"<" * 16_000),
    "spaces in a parameter": field(b"Content-Type", b"text/plain; name=" + b" " * 8000 + b"a" * 8000),
    "stars in a parameter": field(b"Content-Type", b"text/plain;" + b"*" * 8000 + b"=1"),
    "150k of references": field(b"References", b"<a@b> " * 25_000),
    "60k lines of junk in the headers": b"x y\n" * 60_000 + b"\nhello",
    "200k mbox lines": b"From \n" * 200_000,
    "a date of nines": field(b"Date", b"9" * 16_000),
    "line break in a subject": field(b"Subject", b"=?utf-8?q?a=0D=0ABcc:_evil@example.com?="),
    "line break in an address": field(b"To", b"=?utf-8?q?a=0D=0ABcc:_evil@example.com?= <b@example.com>"),
    "charset with NUL": letter(b"\xff", b'text/plain; charset="foo\0bar"'),
    "charset zlib": letter(b"x\xff", b"text/plain; charset=zlib"),
    "charset idna": letter(b"xn--" * 100_000, b"text/plain; charset=idna"),
    "charset unicode_escape": letter(b"\\ud800", b"text/plain; charset=unicode_escape"),
    "lone surrogates": letter(b"+2AA-" * 1000, b"text/plain; charset=utf-7"),
    "lone surrogates in UTF-16": letter(b"\xd8\x00" * 1000, b"text/plain; charset=utf-16-be"),
    "1 MB of NUL": b"\0" * 1_000_000,
    "1 MB of CR": b"\r" * 1_000_000,
    "1 MB line": letter(b"word " * 200_000),
    "1M line feeds": letter(b"\n" * 1_000_000),
    "1 MB of >": letter(b">" * 1_000_000),
    "250k times On": letter(b"On \n" * 250_000),
    "flowing without end": letter(b" \n" * 500_000, b"text/plain; format=flowed"),
    "1 MB of padding": letter(b"=" * 1_000_000, more=_BASE64),
    "250k comments": html(b"<!--" * 250_000),
    "20k lists": html(b"<ul><li>" * 20_000 + b"x"),
    "50k nested blocks": html(b"<div>" * 50_000 + b"x"),
    "50k nested blocks in base64": letter(
        base64.encodebytes(b"<div>" * 50_000 + b"x"), b"text/html", _BASE64
    ),
    "60k open fonts": html(b"<font color=red>x" * 60_000),
    "3k nested tables": html(b"<table><tr><td>" * 3000 + b"x"),
    "60k rows": html(b"<table>" + b"<tr><td>a<td>b" * 60_000),
    "200k cells": html(b"<table><tr>" + b"<td>a" * 200_000),
    "100k attributes": html(b"<a " + b"".join(b"a%d=1 " % n for n in range(100_000)) + b">x"),
    "100k scripts": html(b"<div>" * 600 + b"<script>" * 100_000),
    "1 MB of <": html(b"<" * 1_000_000),
    "500k closing tags": html(b"</" * 500_000),
    "150k escapes": html(b"&#x1b;" * 150_000),
    "6k blamed addresses": _DAEMON + b"fail a@example.com\n" * 6000,
    "an address without end": _DAEMON + b"fail a@" + b"a-" * 30_000,
    "nothing": b"",
}
