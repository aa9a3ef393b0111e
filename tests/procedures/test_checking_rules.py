"""`rules check` and `rules diff`: what blocks sending, what a person must confirm, what a new version changes."""

from datetime import date
from pathlib import Path

from mailbot import shipped
from mailbot.procedures import check, diff, load, load_all

RULES = shipped.folder("rules")


def overlay(at: Path, name: str, text: str) -> list[Path]:
    path = at / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [RULES, at]


def changed(at: Path, procedure: str, old: str, new: str) -> list[Path]:
    text = (RULES / "procedures" / f"{procedure}.toml").read_text(encoding="utf-8")
    assert old in text
    return overlay(at, f"procedures/{procedure}", text.replace(old, new))


def keys(findings, procedure: str) -> list[str]:
    return [finding.key for finding in findings if finding.procedure == procedure]


def test_shipped_rules_have_no_fault_but_contacts_to_confirm():
    findings = check(RULES, today=date(2026, 11, 21))
    assert {finding.key.split(".")[0] for finding in findings} == {"contact"}
    assert all(finding.blocks_sending and finding.mend for finding in findings)


def test_the_two_telephone_numbers_and_the_missing_email_are_reported():
    findings = check(RULES)
    assert keys(findings, "restart") == ["contact.ice.phone", "contact.ice.verified_on"]
    assert keys(findings, "ipes") == [
        "contact.ice.phone",
        "contact.ice.email",
        "contact.ice.website",
        "contact.ice.verified_on",
        "contact.phso.verified_on",
    ]
    phone = next(finding for finding in findings if finding.procedure == "restart")
    assert "0800 414 8529, against 0345 606 0777" in phone.problem
    assert "adjust/restart.toml" in phone.mend


def test_a_person_who_has_checked_a_contact_unblocks_it(tmp_path):
    folders = overlay(tmp_path, "adjust/restart", "[contact.ice]\nverified_on = 2026-11-20\n")
    assert keys(check(folders), "restart") == []


def test_a_procedure_without_contacts_is_not_blocked():
    assert keys(check(RULES), "fos") == []


def test_a_letter_that_does_not_exist_is_named():
    letters = {"ack_fos_1", "ice_ack", "contribution_ack", "redirect_dp", "redirect_outcome"}
    found = [finding for finding in check(RULES, letters) if finding.procedure == "fos"]
    assert [(finding.key, finding.problem) for finding in found] == [
        ("stage 2, acknowledgement", "there is no letter 'ack_fos_2'")
    ]


def test_every_fault_of_every_file_is_reported_at_once(tmp_path):
    changed(tmp_path, "charity", "months = 3", "month = 3")
    folders = changed(tmp_path, "council", 'next = "2"', 'next = "4"')
    problems = "\n".join(map(str, check(folders)))
    assert "did you mean 'months'?" in problems
    assert "there is no stage '4'" in problems


def test_an_unknown_calendar_and_a_shared_prefix_are_reported(tmp_path):
    changed(tmp_path, "fos", 'calendar = "england-and-wales"', 'calendar = "england"')
    findings = check(changed(tmp_path, "charity", '"CHR"', '"RST"'))
    assert keys(findings, "fos") == ["calendar"]
    assert any("RST is the prefix of charity and restart" in finding.problem for finding in findings)


def test_a_calendar_that_ends_soon_warns_and_one_that_has_ended_blocks():
    def ending(today: date) -> set[bool]:
        return {finding.blocks_sending for finding in check(RULES, today=today) if finding.key == "last_year"}

    assert ending(date(2027, 6, 1)) == set()
    assert ending(date(2027, 8, 1)) == {False}
    assert ending(date(2028, 1, 1)) == {True}


def test_the_two_texts_stay_free_of_unreadable_addresses():
    for history in load_all(RULES).values():
        for contact in history.latest.contacts.values():
            said = f"{contact.email} {contact.lines} {contact.phone}".lower()
            assert "[email" not in said
            assert "protected" not in said


def test_diff_tells_what_a_new_version_changes(tmp_path):
    text = (RULES / "procedures" / "charity.toml").read_text(encoding="utf-8")
    version = text[text.index("[[version]]") :]
    newer = (
        version.replace("2018-01-01", "2026-12-01")
        .replace("working_days = 30", "days = 30")
        .replace('or_until = "case_closed"\n', "")
        .replace('pauses_for = ["awaiting_authority"]\n', "", 1)
    )
    folders = overlay(tmp_path, "procedures/charity", f"{text}\n{newer}")
    assert diff(load(folders, "charity")) == [
        "charity: 2 versions",
        "from 2026-12-01 (before: 2018-01-01)",
        "  stages[1].clocks[respond].within: 30 working days becomes 30 days",
        "  stages[1].clocks[respond].pauses_for[0]: gone (was awaiting_authority)",
    ]


def test_diff_of_one_version_says_so():
    assert diff(load(RULES, "ipes")) == ["ipes: 1 version"]


def test_files_that_nothing_uses_are_checked_too(tmp_path):
    overlay(tmp_path, "adjust/restrat", "[settings]\nchaser = 'link_only'\n")
    problems = "\n".join(map(str, check(overlay(tmp_path, "shared/other", "[desk.x]\nlable = 'X'\n"))))
    assert "there is no procedure 'restrat' to adjust" in problems
    assert "no key 'lable' (did you mean 'label'?)" in problems
