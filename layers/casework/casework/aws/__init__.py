"""The only rooms, beside ``casework.runtime``, that know AWS exists."""
