"""The ways of an approved letter into the reader's own mail program (BR10)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.ids import Action
from bot.replies import Block, Message
from bot.services.partings.letter_files import NOT_APPROVED
from bot.services.partings.notices import NoticeSheet
from bot.views.blocks import Marked, actions, button, marked, message, section
from rules.notices.mailing import has_text
from rules.notices.notice import NoticeStatus
from rules.sentences import Sentence

SECTION_LENGTH = 2900
WHOLE = "{link}, take it as a file, or copy the text above. Amicable sends nothing."
EMPTY = "{link}: the text is too long for a link, so take it as a file or copy it from above. Amicable sends nothing."
COPY = (
    "Take it as a file, or copy the text above into your mail program, and send it from there. Amicable sends nothing."
)


def ways_out(sheet: NoticeSheet) -> Iterator[Block]:
    """Amicable never sends it: a link, a file that opens as a draft, or the text above to copy."""
    if sheet.notice is None or not sheet.compose_link or sheet.notice.status is not NoticeStatus.APPROVED:
        return
    opened = Marked(Sentence("<{link}|Open it in your mail program>", link=sheet.compose_link))
    if len(opened) > SECTION_LENGTH:
        yield section(marked("{text}", text=COPY))
    else:
        yield section(marked(WHOLE if has_text(sheet.compose_link) else EMPTY, link=opened))
    if sheet.may_decide:
        yield actions(button("Send me the file", Action.LETTER_FILE, sheet.notice.id))


def on_its_way(sheet: NoticeSheet) -> Message:
    said = "The letter comes to you as a file, in a direct message: it opens as a draft in your mail program."
    back = button("Back to the letter", Action.LETTER, sheet.client.id)
    return message(said, section(marked("{text}", text=said)), actions(back))


def comment() -> str:
    return "Your letter, unsent. Open the file: your mail program shows it as a draft. Read it once more, then send it."


def changed(sheet: NoticeSheet) -> Message:
    said = (sheet.is_approved and sheet.why_talk_first) or NOT_APPROVED
    opens = button("Open the letter", Action.LETTER, sheet.client.id)
    return message(said, section(marked("{text}", text=said)), actions(opens))
