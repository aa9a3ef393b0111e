"""mailbot: a complaints mailbox that loses nobody, answers once, and answers on time."""
