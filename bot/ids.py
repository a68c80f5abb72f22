"""Every name that Slack and we must agree on; the manifest is held equal to these by a test."""

from __future__ import annotations

from enum import StrEnum


class Command(StrEnum):
    """Slash commands."""

    REDFLAG = "/redflag"
    PRAISE = "/praise"
    CLIENT = "/client"


class Shortcut(StrEnum):
    """Callback ids of the shortcuts."""

    LOG_RED_FLAG = "log_red_flag"
    LOG_PRAISE = "log_praise"
    LOG_NOTE = "log_note"


class Event(StrEnum):
    """Events that we subscribe to; each goes through the inbox."""

    APP_HOME_OPENED = "app_home_opened"
    APP_UNINSTALLED = "app_uninstalled"
    CHANNEL_ARCHIVE = "channel_archive"
    CHANNEL_RENAME = "channel_rename"
    CHANNEL_SHARED = "channel_shared"
    CHANNEL_UNARCHIVE = "channel_unarchive"
    CHANNEL_UNSHARED = "channel_unshared"
    GROUP_ARCHIVE = "group_archive"
    GROUP_RENAME = "group_rename"
    GROUP_UNARCHIVE = "group_unarchive"
    MEMBER_JOINED_CHANNEL = "member_joined_channel"
    REACTION_ADDED = "reaction_added"
    REACTION_REMOVED = "reaction_removed"
    TOKENS_REVOKED = "tokens_revoked"
    USER_CHANGE = "user_change"


class Form(StrEnum):
    """Callback ids of the modals."""

    LOG_NOTE = "form_log_note"
    ADD_CLIENT = "form_add_client"
    MAP_CHANNEL = "form_map_channel"
    DIGEST = "form_digest"
    SETTINGS = "form_settings"
    PLAN = "form_plan"
    CHECKPOINT = "form_checkpoint"
    FINISH_PLAN = "form_finish_plan"
    CONSIDER = "form_consider"
    PERSPECTIVE = "form_perspective"
    CONTRACT = "form_contract"
    IMPACT = "form_impact"
    SKIP_PLAN = "form_skip_plan"
    EXCEPTION = "form_exception"
    FADE = "form_fade"
    DECIDE = "form_decide"
    CONFIRM = "form_confirm"
    DROP_DECISION = "form_drop_decision"
    ASK_TO_REOPEN = "form_ask_to_reopen"
    TOLD = "form_told"
    PREVIEW = "form_preview"
    WAIVE = "form_waive"
    LETTER = "form_letter"
    OVERRIDE = "form_override"
    CLOSE = "form_close"
    SHOWN = "form_shown"


class Action(StrEnum):
    """Action ids of buttons and selects. Several of one kind in a view carry a suffix behind a dot."""

    UNDO_NOTE = "undo_note"
    CHANGE_NOTE = "change_note"
    CHOOSE_CLIENT = "choose_client"
    PICK_CLIENT = "pick_client"
    OPEN_CLIENT = "open_client"
    OPEN_VERB = "open_verb"
    LIST_CLIENTS = "list_clients"
    WHY = "why"
    HISTORY = "history"
    WITHDRAW_NOTE = "withdraw_note"
    EXCUSE_NOTE = "excuse_note"
    LOG_FROM_HOME = "log_from_home"
    ADD_CLIENT = "add_client"
    PLAN = "plan"
    NEW_PLAN = "new_plan"
    CHECKPOINT = "checkpoint"
    FINISH_PLAN = "finish_plan"
    CONSIDER = "consider"
    PERSPECTIVE = "perspective"
    CONTRACT = "contract"
    IMPACT = "impact"
    SKIP_PLAN = "skip_plan"
    EXCEPTION = "exception"
    FADE = "fade"
    DECIDE = "decide"
    CONFIRM = "confirm"
    DROP_DECISION = "drop_decision"
    ASK_TO_REOPEN = "ask_to_reopen"
    REOPEN = "reopen"
    KEEP_DECISION = "keep_decision"
    PARTING = "parting"
    TOLD = "told"
    PREVIEW = "preview"
    CONFIRM_DESTINATION = "confirm_destination"
    TRY_AGAIN = "try_again"
    TASK_DONE = "task_done"
    WAIVE = "waive"
    LETTER = "letter"
    DRAFT_LETTER = "draft_letter"
    SUBMIT_LETTER = "submit_letter"
    APPROVE_LETTER = "approve_letter"
    OVERRIDE = "override"
    LETTER_FILE = "letter_file"
    CLOSE = "close"
    DIGEST_NOW = "digest_now"
    SET_DIGEST = "set_digest"
    CHOOSE_TRACKER = "choose_tracker"
