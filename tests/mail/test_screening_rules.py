"""The rules of screening one by one: each sign is seen, kept as a reason, and alone enough to send no letter."""

from dataclasses import replace

import pytest

from mailbot.mail.compose import Draft, compose
from mailbot.mail.message import Address, Message
from mailbot.mail.parse import parse
from mailbot.mail.references import Signer
from mailbot.mail.screen import CaseAction, FormMailer, MailKind, OurMail, Rule, reply_address, screen
from mailbot.mail.screening_rules import RULES

SIGNER = Signer(b"a secret for tests, long enough", "wrenfield.example")
OURS = OurMail(
    addresses=frozenset({"Restart.Complaints@wrenfield.example", "complaints@old-name.example"}),
    signer=SIGNER,
    list_ids=frozenset({"complaints.groups.wrenfield.example"}),
    border="mx.wrenfield.example",
    form_mailers=(
        FormMailer("web@wrenfield.example"),
        FormMailer("form@council.example", body_field="Your email"),
    ),
)
PERSON = {
    "From": "Nia Pryce <nia.pryce@post.example>",
    "To": "restart.complaints@wrenfield.example",
    "Subject": "My fare",
    "Message-ID": "<1@post.example>",
}
BORDER = {
    "Authentication-Results": "mx.wrenfield.example; dmarc={}",
    "Received": "from a by mx.wrenfield.example; x",
}


def mail(body: str = "Nobody rang me.", **headers: str) -> Message:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fields = {**named, **{name: value for name, value in PERSON.items() if name not in named}}
    return parse(
        "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode() + b"\r\n" + body.encode()
    )


def rules_seen(message: Message) -> set[str]:
    return {reason.rule for reason in screen(message, OURS).reasons}


def test_a_person_is_a_person() -> None:
    screening = screen(mail(), OURS)
    assert (screening.kind, screening.case_action, screening.may_acknowledge) == (
        MailKind.PERSON,
        CaseAction.OPEN_OR_ADD,
        True,
    )
    assert screening.reasons == ()


SIGNS = {
    "own-message-id": mail(Message_ID=SIGNER.message_id("RST-000123-D", "ack")),
    "own-loop-token": mail(X_Loop=SIGNER.loop_token()),
    "comes-round": parse(b"Received: from a by b\r\n" * 51 + b"From: nia@post.example\r\n\r\n"),
    "own-sender": mail(From="COMPLAINTS+x@old-name.example"),
    "bounce-address": mail(Delivered_To=SIGNER.bounce_address(12, "bounce")),
    "delivery-report": mail(Content_Type="multipart/report; boundary=b;\r\n report-type=delivery-status"),
    "delivery-status-part": mail(Content_Type="message/delivery-status"),
    "failed-recipients": mail(X_Failed_Recipients="jo@home.example"),
    "bounce-signs": mail(From="mailer-daemon@post.example", Subject="Undelivered Mail Returned to Sender"),
    "bounce-words": mail(
        "Delivery has failed to these recipients:", Subject="Undeliverable: We have your complaint"
    ),
    "returned-headers": mail("Sorry.\r\nReceived: from a by b\r\nMessage-ID: <1@x>\r\n"),
    "read-receipt": mail(Content_Type='multipart/report; report-type="disposition-notification"; boundary=b'),
    "read-receipt-part": mail(Content_Type="message/disposition-notification"),
    "read-receipt-words": mail("Your message was read on Monday.", Subject="Read: We have your complaint"),
    "feedback-report": mail(Content_Type="multipart/report; report-type=feedback-report; boundary=b"),
    "feedback-part": mail(Content_Type="message/feedback-report"),
    "only-our-letter": mail(
        f"Message-ID: {SIGNER.message_id('RST-000123-D', 'ack')}\r\n\r\nx", Content_Type="message/rfc822"
    ),
    "empty-return-path": mail(Return_Path="<>"),
    "auto-submitted": mail(Auto_Submitted="(yes) auto-replied; owner-email=a@b.example"),
    "auto-reply-header": mail(X_Autorespond="yes"),
    "auto-reply-precedence": mail(X_Precedence="auto_reply"),
    "autoresponder-delivered": mail(Delivered_To="autoresponder"),
    "outlook-out-of-office": mail(
        X_MS_Exchange_Inbox_Rules_Loop="a@b.example", X_Auto_Response_Suppress="DR"
    ),
    "auto-reply-subject": mail(Subject="Automatic reply: We have your complaint"),
    "list-header": mail(List_Unsubscribe="<mailto:x@list.example>"),
    "bulk-precedence": mail(Precedence="Bulk (from our list)"),
    "robot-header": mail(X_Zendesk_From_Account_Id="12"),
    "asks-for-silence": mail(X_Auto_Response_Suppress="DR, OOF, AutoReply"),
    "foreign-loop-mark": mail(X_Loop="somebody@post.example"),
    "speaks-of-absence": mail(
        "I am currently away until Monday.", Subject="Hello", In_Reply_To="<1@x.example>"
    ),
    "calls-itself-automated": mail("Ticket 12\n\nPlease do not reply to this email."),
    "marked-spam": mail(X_Spam_Flag="YES", **{name: value.format("none") for name, value in BORDER.items()}),
    "machine-sender": mail(From="Jobs <no-reply+12@jobs.example>"),
    "no-single-sender": mail(From="a@good.example <b@evil.example>"),
    "rewritten-by-list": mail(
        From='"Nia via Jobs" <jobs@groups.example>',
        Mailing_List="",
        List_Id="<complaints.groups.wrenfield.example>",
    ),
    "sent-by-machine": mail(Sender="noreply@post.example"),
    "unanswered-sender": mail(From="root@host.example"),
    "fails-dmarc": mail(**{name: value.format("fail") for name, value in BORDER.items()}),
    "not-to-us": mail(To="undisclosed-recipients:;"),
    "nobody-to-answer": mail(From="nia@localhost"),
}


def test_every_rule_has_an_example_a_source_and_a_name_of_its_own() -> None:
    assert [rule.name for rule in RULES] == list(dict.fromkeys(rule.name for rule in RULES))
    assert set(SIGNS) == {rule.name for rule in RULES}
    assert all(rule.source for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_sign_is_seen_and_no_letter_goes_out(rule: Rule) -> None:
    screening = screen(SIGNS[rule.name], OURS)
    assert rule.name in {reason.rule for reason in screening.reasons}
    assert not screening.may_acknowledge


def test_all_reasons_are_kept_and_the_first_kind_in_order_is_the_kind() -> None:
    message = mail(
        Auto_Submitted="auto-replied", List_Id="<x.example>", Precedence="list", X_Loop=SIGNER.loop_token()
    )
    screening = screen(message, OURS)
    assert screening.kind is MailKind.OWN_MAIL
    assert rules_seen(message) >= {"auto-submitted", "list-header", "bulk-precedence", "own-loop-token"}


def test_our_own_letter_coming_back_changes_nothing() -> None:
    letter = compose(
        Draft(
            sender=Address("", "restart.complaints@wrenfield.example"),
            to=Address("", "nia.pryce@post.example"),
            subject="We have your complaint",
            text="We have it.",
            html="",
            message_id=SIGNER.message_id("RST-000123-D", "ack"),
            date=mail(Date="Fri, 1 May 2026 09:00:00 +0100").date or pytest.fail("no date"),
        )
    )
    assert screen(parse(letter), OURS).case_action is CaseAction.NONE


@pytest.mark.parametrize(
    ("message", "action"),
    [
        (mail(From="complaints@old-name.example"), CaseAction.ATTACH_ONLY),  # a colleague, or an unknown form
        (mail(List_Id="<news.example>"), CaseAction.OPEN_OR_ADD),
        (mail(X_RT_Loop_Prevention="x"), CaseAction.OPEN_OR_ADD),
        (mail(From="no-reply@jobs.example"), CaseAction.OPEN_OR_ADD),
        (mail(Auto_Submitted="auto-generated"), CaseAction.OPEN_OR_ADD),  # perhaps a web form
        (mail(Auto_Submitted="auto-replied"), CaseAction.ATTACH_ONLY),
        (mail(Auto_Submitted="auto-generated", In_Reply_To="<1@x.example>"), CaseAction.ATTACH_ONLY),
        (mail(Auto_Submitted="auto-generated", Return_Path="<>"), CaseAction.ATTACH_ONLY),
        (SIGNS["marked-spam"], CaseAction.ATTACH_ONLY),
        (SIGNS["delivery-report"], CaseAction.ATTACH_ONLY),
    ],
)
def test_what_a_message_may_do_to_cases(message: Message, action: CaseAction) -> None:
    assert screen(message, OURS).case_action is action


def test_a_person_who_pastes_a_bounce_keeps_their_case() -> None:
    pasted = "You never got this:\r\nDelivery has failed to these recipients:\r\nReceived: from a by b\r\nMessage-ID: <1@x>\r\n"
    screening = screen(mail(pasted), OURS)
    assert (screening.kind, screening.case_action) == (MailKind.PERSON, CaseAction.OPEN_OR_ADD)


def test_a_list_in_front_of_our_mailbox_makes_nobody_a_robot() -> None:
    message = mail(
        List_Id="Complaints <Complaints.groups.wrenfield.example>", Precedence="list", List_Post="<mailto:x>"
    )
    assert screen(message, OURS).may_acknowledge


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"Auto_Submitted": "No (a person wrote this)"},
        {"X_Auto_Response_Suppress": "DR, RN, NRN"},
        {"X_Mailbot_Kind": "own_mail"},
        {"Subject": "Out of office hours line never answered"},
        {"Subject": "Automatic reply is all I ever get"},
        {"Subject": "Fwd: Undelivered Mail Returned to Sender"},
        {"Subject": "Undelivered parcel", "body": "The card says it could not be delivered."},
        {"Message_ID": "<mb.RST-000123-D.root.forged@wrenfield.example>"},
        {"References": SIGNER.thread_root("RST-000123-D")},
        {"From": "Admin <admin@post.example>"},
        {"From": "Support <support@post.example>"},
        {"To": "someone@else.example", "Delivered_To": "restart.complaints@wrenfield.example"},
        {"To": "Restart.Complaints+rst@Wrenfield.Example"},
        {"Received": "from a by mx.wrenfield.example", "Authentication_Results": "evil.example; dmarc=fail"},
    ],
)
def test_people_who_look_like_machines_are_answered(headers: dict[str, str]) -> None:
    assert screen(mail(**headers), OURS).reasons == ()


def answered(message: Message) -> str | None:
    address = reply_address(message, OURS)
    return address.address if address else None


@pytest.mark.parametrize(
    ("message", "address"),
    [
        (mail(), "nia.pryce@post.example"),
        (mail(Reply_To="victim@other.example"), "nia.pryce@post.example"),
        (
            mail(Reply_To="nia@home.example", **{k: v.format("pass") for k, v in BORDER.items()}),
            "nia@home.example",
        ),
        (
            mail(
                Reply_To="restart.complaints@wrenfield.example",
                **{k: v.format("pass") for k, v in BORDER.items()},
            ),
            "nia.pryce@post.example",
        ),
        (mail(From="web@wrenfield.example", Reply_To="Nia <nia@home.example>"), "nia@home.example"),
        (mail(From="web@wrenfield.example"), None),
        (mail("Your email: Nia@home.example\n", From="form@council.example"), "Nia@home.example"),
        (mail("Your email\n nia@home.example\n", From="form@council.example"), "nia@home.example"),
        (mail("Your email: none\n", From="form@council.example"), None),
        (mail("Your email: no-reply@x.example\n", From="form@council.example"), None),
        (mail(From="no-reply@jobs.example", Reply_To="nia@home.example"), None),
        (mail(From="a@b.example, c@d.example"), None),
        (mail(From="complaints@old-name.example"), None),
        (mail(From="nia@localhost"), None),
        (mail(From="nia@[192.0.2.1]"), None),
    ],
)
def test_whom_an_acknowledgement_may_go_to(message: Message, address: str | None) -> None:
    assert answered(message) == address


@pytest.mark.parametrize(
    "marks", [{}, {"Auto_Submitted": "auto-generated", "Precedence": "bulk", "X_Mailer_x": "y"}]
)
def test_our_web_form_speaks_for_a_person(marks: dict[str, str]) -> None:
    message = mail(From="web@wrenfield.example", Reply_To="nia@home.example", **marks)
    screening = screen(message, OURS)
    assert (screening.kind, screening.may_acknowledge) == (MailKind.PERSON, True)


def test_a_web_form_whose_mail_fails_authentication_is_not_answered() -> None:
    forged = mail(
        From="web@wrenfield.example",
        Reply_To="victim@x.example",
        **{k: v.format("fail") for k, v in BORDER.items()},
    )
    assert not screen(forged, OURS).may_acknowledge


def test_without_addresses_of_ours_nothing_is_said_about_being_addressed() -> None:
    nowhere = replace(OURS, addresses=frozenset())
    assert screen(mail(To="x@y.example"), nowhere).may_acknowledge
