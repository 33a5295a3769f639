"""Which folders of the sources use each other; for check_rooms.py."""
