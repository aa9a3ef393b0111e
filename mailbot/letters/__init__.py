"""Templates to messages: the organisation's words, checked."""
