"""A mailbox for letters that a person opened in a mail program. Nothing can be sent from here."""

from integrations.sandbox.mail.mailbox import Draft, Mailbox

__all__ = ["Draft", "Mailbox"]
