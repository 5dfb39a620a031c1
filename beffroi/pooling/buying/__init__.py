"""Buying together: models compared on measured facts, needs gathered, offers allotted, deliveries and warranties."""
