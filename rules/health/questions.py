"""What only some types of notes ask: why money is lost, what it takes a toll on, whom it harms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from rules.errors import InvalidError
from rules.sentences import Sentence

YES: Final = "yes"


class QuestionKind(StrEnum):
    """How a question is answered: by one of its options, by any number of them, or by naming a client."""

    ONE = "one"
    MANY = "many"
    CLIENT = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteQuestion:
    """`short` says in a history what was asked; `options` are the answers by code, the first one the usual.

    An answer is kept as code and option, for `many` as option and `yes`, for `client` as code and client id.
    """

    code: str
    kind: QuestionKind
    label: str
    short: str = ""
    hint: str = ""
    required: bool = False
    not_lasting: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)

    def of(self, *, lasting: bool) -> NoteQuestion:
        """The question as it is put for a type: nothing excuses one that doesn't fade (HS11)."""
        if not lasting or not self.not_lasting:
            return self
        kept = {code: label for code, label in self.options.items() if code not in self.not_lasting}
        return NoteQuestion(code=self.code, kind=self.kind, label=self.label, short=self.short, options=kept)

    def read(self, given: Any) -> dict[str, str]:
        """The answers in what a form holds; options that are not offered any more fall away."""
        match self.kind:
            case QuestionKind.MANY:
                return {option: YES for option in given or () if option in self.options}
            case QuestionKind.ONE:
                return {self.code: str(given)} if given in self.options else {}
            case QuestionKind.CLIENT:
                return {self.code: str(given)} if given else {}

    def said(self, answers: Mapping[str, str]) -> list[str]:
        """The answers in words; those that name a client are the reader's to look up."""
        if self.kind is QuestionKind.MANY:
            return [label for option, label in self.options.items() if answers.get(option) == YES]
        label = self.options.get(answers.get(self.code, ""))
        return [f"{self.short}: {label.lower()}"] if label else []


def parse_questions(data: Mapping[str, Mapping[str, Any]]) -> dict[str, NoteQuestion]:
    """An `InvalidError` names the question that is wrong."""
    return {code: _parsed(code, dict(entry)) for code, entry in data.items()}


def _parsed(code: str, entry: dict[str, Any]) -> NoteQuestion:
    try:
        kind, dropped = QuestionKind(entry.pop("kind")), tuple(entry.pop("not_lasting", ()))
        question = NoteQuestion(code=code, kind=kind, not_lasting=dropped, **entry)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidError(
            Sentence("The catalogue's question “{code}” is wrong: {error}.", code=code, error=error)
        ) from error
    if bool(question.options) is (kind is QuestionKind.CLIENT):
        raise InvalidError(
            Sentence("The catalogue's question “{code}” needs options, unless its answer is a client.", code=code)
        )
    return question
