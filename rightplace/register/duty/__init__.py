"""Out-of-hours duty: who answers when, one at a time, so that a child who needs a bed tonight is not nobody's."""
