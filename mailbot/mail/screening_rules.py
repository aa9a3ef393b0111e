"""The table of signs by which machines are known from people, in four files by what they are signs of.

Every rule withholds the acknowledgement; one with a kind also says what the message is. A new sign is one small
function and one line in the table of its file. What was tried, with counts, is in docs/mail.md.
"""

from mailbot.mail import signs_of_ourselves, signs_of_reports, signs_of_robots, signs_of_senders

RULES = (
    *signs_of_ourselves.RULES,
    *signs_of_reports.RULES,
    *signs_of_robots.RULES,
    *signs_of_senders.RULES,
)
