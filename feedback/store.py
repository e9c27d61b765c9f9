"""The feedback store: everything that an edge needs to keep drawings and read them back."""

from feedback.connection.engine import check_connection, open_engine
from feedback.errors import DrawingDeleted, RowRefused, SettingsError, StoreUnavailable
from feedback.migrate import migrate
from feedback.queries.listing import count_drawings, export_rows, list_answered, list_drawings
from feedback.queries.pseudonyms import pseudonym
from feedback.queries.writing_export import characters_as_objects, export_writing_rows
from feedback.queries.writing_listing import count_writings, find_writing, list_writings
from feedback.records.answers import (
    list_words,
    read_answer,
    record_answer,
    record_words,
    withdraw_answer,
)
from feedback.records.by_age import end_of_keeping, forget_before
from feedback.records.checking import check_writable
from feedback.records.deleting import delete_drawings, delete_session
from feedback.records.drawings import record_drawing
from feedback.records.rows import (
    NOT_A_DIGIT,
    SOURCES,
    Answer,
    AnswerOutcome,
    AnyAnswer,
    Drawing,
    Filters,
    KeptDrawing,
    Source,
    Word,
)
from feedback.records.writing_rows import (
    LONGEST_ANSWER,
    AnyDrawing,
    KeptWriting,
    TextAnswer,
    Writing,
    WrittenCharacter,
)
from feedback.records.writings import clean_answer

__all__ = [
    "LONGEST_ANSWER",
    "NOT_A_DIGIT",
    "SOURCES",
    "Answer",
    "AnswerOutcome",
    "AnyAnswer",
    "AnyDrawing",
    "Drawing",
    "DrawingDeleted",
    "Filters",
    "KeptDrawing",
    "KeptWriting",
    "RowRefused",
    "SettingsError",
    "Source",
    "StoreUnavailable",
    "TextAnswer",
    "Word",
    "Writing",
    "WrittenCharacter",
    "characters_as_objects",
    "check_connection",
    "check_writable",
    "clean_answer",
    "count_drawings",
    "count_writings",
    "delete_drawings",
    "delete_session",
    "end_of_keeping",
    "export_rows",
    "export_writing_rows",
    "find_writing",
    "forget_before",
    "list_answered",
    "list_drawings",
    "list_words",
    "list_writings",
    "migrate",
    "open_engine",
    "pseudonym",
    "read_answer",
    "record_answer",
    "record_drawing",
    "record_words",
    "withdraw_answer",
]
