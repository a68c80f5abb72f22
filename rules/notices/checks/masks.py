"""Names as one sign each, so that a company called "Toxic" is no finding and "Product day" is no reason."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.notices.checks.promises import promises_of
from rules.notices.draft import one_line
from rules.notices.notice import NoticeFacts

# Letters, so that they count as words, and such as no letter of ours contains.
THEIRS = "\N{CJK UNIFIED IDEOGRAPH-540D}"
OURS = "\N{CJK UNIFIED IDEOGRAPH-6211}"
PROMISE = "\N{CJK UNIFIED IDEOGRAPH-7269}"


def masked(texts: Sequence[str], facts: NoticeFacts) -> tuple[str, ...]:
    """The texts with a sign for the client's people and companies, for ours, and for what we finish or hand over."""
    signs = {one_line(each.name): PROMISE for each in promises_of(facts)}
    signs |= {one_line(name): OURS for name in (facts.sender_name, facts.company_name)}
    signs |= {one_line(name): THEIRS for name in (facts.client_name, facts.contact_name, facts.first_name)}
    names = sorted(signs.keys() - {""}, key=len, reverse=True)
    if not names:
        return tuple(texts)
    bounded = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
    return tuple(bounded.sub(lambda match: signs[match.group()], text) for text in texts)
