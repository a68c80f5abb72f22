"""Answers to who snoozes, settles or mutes what we say unasked."""
