"""Only our own border's word on the sender counts, and only where the border writes it."""

import pytest

from mailbot.mail.authentication import Authentication, added_by_border, verdict
from mailbot.mail.parse import parse

OURS = "Received: from out.post.example (192.0.2.3) by mx.serco.example; Tue, 5 May 2026 14:03:12 +0100"
INSIDE = "Received: from mx.serco.example by store.serco.example; Tue, 5 May 2026 14:03:13 +0100"
REINJECTED = (
    "Received: from localhost (localhost [127.0.0.1]) by mx.serco.example; Tue, 5 May 2026 14:03:13 +0100"
)
THEIRS = "Received: from phone by out.post.example; Tue, 5 May 2026 14:03:11 +0100"
PASS = "Authentication-Results: mx.serco.example; dmarc=pass header.from=post.example"
FAIL = "Authentication-Results: mx.serco.example; dmarc=fail (p=none; dis=none) header.from=post.example"
SPF = "Authentication-Results: mx.serco.example; spf=none smtp.mailfrom=post.example"
SEALED = "ARC-Authentication-Results: i=2; mx.serco.example; spf=none; dmarc=pass (p=REJECT) header.from=post.example"
WITHIN = "Received: by 2001:db8:651:2228:b0:295:9c2e:7324 with SMTP id y40; Tue, 5 May 2026 14:03:13 +0100"
OTHER_NAME = OURS.replace("by mx.", "by inbound-3.")
SENDER = "From: Nia Pryce <nia.pryce@post.example>"


def read(*lines: str) -> Authentication:
    return verdict(parse("\r\n".join([*lines, "", "x"]).encode()), "mx.serco.example")


@pytest.mark.parametrize(
    ("lines", "dmarc"),
    [
        ((PASS, OURS, SENDER), "pass"),
        ((FAIL, OURS, SENDER), "fail"),
        ((INSIDE, PASS, OURS, THEIRS, SENDER), "pass"),
        ((REINJECTED, PASS, OURS, SENDER), "pass"),
        ((FAIL, PASS, OURS, SENDER), "fail"),  # the topmost
        ((FAIL, OURS, PASS, SENDER), "fail"),  # a forged pass below ours
        ((OURS, PASS, SENDER), None),  # below our own line the sender may have written it
        ((OURS, FAIL, SENDER), "fail"),  # nobody forges a fail against themselves
        ((OURS, THEIRS, FAIL, SENDER), None),  # written before it reached us
        ((OURS, SENDER), None),
        ((PASS, SENDER), "pass"),  # a border that writes no Received line of that name
        (
            (SPF, OTHER_NAME, PASS, OURS, SENDER),
            None,
        ),  # both forged, below what the border wrote under its other name
        (
            (SPF, REINJECTED, PASS, OURS, SENDER),
            "pass",
        ),  # two filters of the border, with itself between them
        (
            (WITHIN, SEALED, OURS, SPF, PASS, SENDER),
            "pass",
        ),  # as Google writes: one above its line, one below
        ((WITHIN, SEALED.replace("pass", "fail"), OURS, PASS, SENDER), "fail"),
        ((WITHIN, OURS, PASS, SEALED, SENDER), None),  # sealed before it reached us, or so it says
        ((SEALED, SENDER), None),  # no line of ours shows that we were there
        ((SEALED.replace("mx.serco.example", "mx.evil.example"), OURS, SENDER), None),
        ((PASS.replace("mx.serco.example", "mx.serco.example.evil.example"), OURS, SENDER), None),
        ((PASS.replace("mx.serco.example", "evil.example"), OURS, SENDER), None),
        ((PASS.replace("mx.serco.example;", "(a comment) MX.serco.example 1 (v);"), OURS, SENDER), "pass"),
    ],
)
def test_the_borders_word_counts_where_the_border_writes(lines: tuple[str, ...], dmarc: str | None) -> None:
    assert read(*lines).dmarc == dmarc


OFFICE = (
    "Received: from BN8.eop-nam11.prod.protection.outlook.example (2001:db8::f9) by BN0.outlook.office365.example; x",
    "Authentication-Results: spf=pass (sender IP is 192.0.2.17) smtp.mailfrom=post.example; serco.example; dkim=none"
    " (message not signed) header.d=none;dmarc={} action=none header.from=post.example;compauth=pass reason=100",
    "Received-SPF: Pass (protection.outlook.com: domain of post.example designates 192.0.2.17 as permitted sender)",
    "Received: from out.post.example (192.0.2.17) by BN8NAM11FT015.mail.protection.outlook.com (10.13.176.90) via"
    " Frontend Transport; Tue, 5 May 2026 14:03:12 +0100",
)
FORGED = "Authentication-Results: spf=pass smtp.mailfrom=post.example; dmarc=pass header.from=post.example"


@pytest.mark.parametrize(
    ("lines", "dmarc"),
    [
        ((*OFFICE, SENDER), "pass"),
        ((*(line.replace("{}", "fail") for line in OFFICE), FORGED, SENDER), "fail"),
        ((*OFFICE[:1], *OFFICE[2:], FORGED, SENDER), None),  # below its line
        ((*OFFICE[:1], *OFFICE[2:], FORGED, OFFICE[3], SENDER), None),  # above a forged line of its
        ((FORGED, SENDER), None),  # no line of its at all
    ],
)
def test_exchange_online_gives_its_results_no_name(lines: tuple[str, ...], dmarc: str | None) -> None:
    told = "\r\n".join([*(line.replace("{}", "pass") for line in lines), "", "x"]).encode()
    assert verdict(parse(told), "mail.protection.outlook.com").dmarc == dmarc
    assert verdict(parse(told), "mx.serco.example").dmarc is None


def test_results_in_several_headers_belong_together() -> None:
    dkim = "Authentication-Results: mx.serco.example; dkim=fail header.d=list.example; dkim=pass header.d=post.example"
    spf = "Authentication-Results: mx.serco.example; spf=softfail smtp.mailfrom=post.example"
    assert read(PASS, dkim, spf, OURS, SENDER) == Authentication(dmarc="pass", dkim="pass", spf="softfail")


def test_without_a_border_nobody_is_believed() -> None:
    assert verdict(parse(f"{PASS}\r\n{OURS}\r\n\r\n".encode()), None) == Authentication()


@pytest.mark.parametrize(
    ("lines", "flag"),
    [
        (("X-Spam-Flag: YES", PASS, OURS, SENDER), "YES"),
        ((OURS, "X-Spam-Flag: YES", SENDER), "YES"),  # a filter that writes below the server's line
        ((PASS, OURS, SENDER, "X-Spam-Flag: YES"), ""),  # the sender's own
        ((PASS, OURS, THEIRS, "X-Spam-Flag: YES", SENDER), ""),  # some server on the way
        (("X-Spam-Flag: YES", THEIRS, SENDER), ""),  # nothing shows that our border was there
    ],
)
def test_a_filters_mark_counts_where_our_filters_write(lines: tuple[str, ...], flag: str) -> None:
    message = parse("\r\n".join([*lines, "", "x"]).encode())
    assert added_by_border(message, "mx.serco.example", "X-Spam-Flag") == flag
