"""The mail world itself: what the other live tests lean on."""

import pytest

from tests.live.peers import MailSystem

pytestmark = pytest.mark.live


def test_a_person_writes_to_a_mailbox_and_gets_its_reply(mail_system: MailSystem) -> None:
    ann, desk = mail_system.person("ann"), mail_system.owner(mail_system.mailbox())
    sent = ann.send(desk.address, "Broken shelf", "It arrived broken: £5 gone.")
    seen = desk.wait(lambda message: message["Message-ID"] == sent["Message-ID"])
    answer = desk.reply(seen, "We are sorry.")
    assert ann.answer_to(sent)["Message-ID"] == answer["Message-ID"]


def test_strangers_write_in_and_are_written_to_at_the_sink(mail_system: MailSystem) -> None:
    eve, desk = mail_system.stranger("eve@elsewhere.example"), mail_system.owner(mail_system.mailbox())
    sent = eve.send(desk.address, "Hello", "Who is there?")
    desk.reply(desk.wait(), "We are.")
    assert eve.answer_to(sent)
    assert eve.stays_quiet(0.2)


def test_a_refused_recipient_sends_a_real_bounce_back(mail_system: MailSystem) -> None:
    mail_system.sink.refusals["gone@elsewhere.example"] = "550 5.1.1 no such user"
    ann = mail_system.person("ann")
    ann.send("gone@elsewhere.example", "Hello", "Anybody?")
    assert ann.wait().get_content_type() == "multipart/report"
