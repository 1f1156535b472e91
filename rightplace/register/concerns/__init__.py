"""Concerns about homes, carer agencies and their owners: raised by any authority, shared by agreement, lifted by two people."""
