"""Rules to procedures and working calendars, validated with file and key."""
