"""However machines answer each other, letters end; people are heard all the same."""

import shutil
from collections.abc import Callable
from datetime import timedelta

from mailbot.mailboxes.delivery import deliver
from mailbot.settings import Limits
from tests.flows.world import BOX, COMPLAINT, PAT, World, at

Make = Callable[..., World]


def untouched(raw: bytes) -> bytes:
    return raw


def stripped(raw: bytes) -> bytes:
    """As a gateway leaves it that drops every header it does not know, and our ids with them."""
    head, _, body = raw.partition(b"\r\n\r\n")
    known = (b"From:", b"To:", b"Subject:", b"Date:", b"MIME", b"Content-T", b" ", b"\t")
    kept = b"\r\n".join(line for line in head.split(b"\r\n") if line.startswith(known))
    return kept + b"\r\n\r\n" + body.replace(b"Thank you", b"I want to make a complaint")


def exchange(
    one: World, other: World, rounds: int, carry: Callable[[bytes], bytes] = untouched
) -> tuple[int, int]:
    """Carry each world's letters to the other for some rounds; how many letters each has written to the other."""
    moment, carried = at("2026-05-01 10:01"), {one.folder: 0, other.folder: 0}
    for number in range(rounds):
        moment += timedelta(minutes=number + 1)
        for here, there in ((one, other), (other, one)):
            here.pass_at(moment)
            target = there.parts.settings.mailbox[0].address
            for file in sorted((here.folder / "letters").glob(f"*_{target}.eml")):
                deliver(there.maildir(), carry(file.read_bytes()), moment)
                shutil.move(file, here.folder)
                carried[here.folder] += 1
    return carried[one.folder], carried[other.folder]


def test_two_mailbots_write_at_most_one_letter_each(make: Make) -> None:
    one, other = make("one"), make("other", box={"address": "complaints@council.example"})
    one.receive(COMPLAINT, "2026-05-01 10:00", "complaints@council.example")
    ours, theirs = exchange(one, other, 5)
    assert (ours, theirs) in {(1, 0), (1, 1)}


def test_when_every_mark_is_lost_on_the_way_the_limits_end_it(make: Make) -> None:
    one, other = make("one"), make("other", box={"address": "complaints@council.example"})
    one.receive(COMPLAINT, "2026-05-01 10:00", "complaints@council.example")
    ours, theirs = exchange(one, other, 12, stripped)
    assert max(ours, theirs) <= Limits().per_sender_day


def test_an_autoresponder_without_any_mark_gets_few_letters_and_its_mail_is_kept(world: World) -> None:
    for number in range(8):
        world.receive(
            f"{COMPLAINT} Ticket {number}.", f"2026-05-01 10:{number:02}", subject=f"Your ticket {number}"
        )
    world.pass_at("2026-05-01 10:09")
    assert len(world.letters_to(PAT)) == Limits().per_sender_day
    assert set(world.states()) == {"filed"}
    withheld = [task for number in range(1, 9) for task in world.case(number).tasks]
    assert {task.kind for task in withheld} == {"acknowledge_by_hand"}


def test_one_domain_cannot_draw_letters_without_end(world: World) -> None:
    few = world.with_settings(limits={"per_domain_hour": 3})
    for number in range(5):
        few.receive(
            COMPLAINT, f"2026-05-01 10:0{number}", f"user{number}@botnet.example", subject=f"{number}"
        )
        few.receive(COMPLAINT, f"2026-05-01 10:0{number}", f"user{number}@gmail.com", subject=f"{number}")
    few.pass_at("2026-05-01 10:09")
    to = [letter.to[0].address for letter in few.letters()]
    assert sum(address.endswith("botnet.example") for address in to) == 3
    assert sum(address.endswith("gmail.com") for address in to) == 5


def test_our_own_letter_coming_back_to_us_does_nothing(world: World) -> None:
    world.receive(COMPLAINT, "2026-05-01 10:00")
    world.pass_at("2026-05-01 10:01")
    before = world.case()
    (file,) = (world.folder / "letters").glob(f"*_{PAT}.eml")
    world.deliver(file.read_bytes(), "2026-05-01 10:02")
    world.pass_at("2026-05-01 10:03")
    assert world.case() == before
    assert world.states()[-1] == "set_aside"


def test_one_mail_to_two_of_our_mailboxes_is_one_case_and_one_letter(make: Make, tmp_path: object) -> None:
    other = {
        "name": "second",
        "address": "complaints@serco.example",
        "procedure": "restart",
        "mode": "send",
        "go_live": at("2026-01-01 00:00"),
        "server": {"kind": "maildir", "path": f"{tmp_path}/second-mail"},
    }
    world = make(more_boxes=[other])
    raw = world.letter(COMPLAINT, PAT, f"{BOX}, complaints@serco.example", "2026-05-01 10:00")
    world.deliver(raw, "2026-05-01 10:00")
    world.deliver(raw, "2026-05-01 10:00", "second")
    world.pass_at("2026-05-01 10:01")
    assert len(world.refs()) == 1
    assert len(world.letters_to(PAT)) == 1
    assert {row["case_ref"] for row in world.mail()} == set(world.refs())
