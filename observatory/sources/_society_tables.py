"""What the lake holds of society pages: a table of societies and one of their documents.

What belongs here: columns and their meanings. What does not: how a page is read
(``_society_pages.py``).
"""

from __future__ import annotations

from typing import Final

from observatory.lake import Column, Dataset, history

_NUMBER = Column("society_number", "VARCHAR", "full registration number that was searched for")
_ASKED = Column("asked_at", "TIMESTAMP", "when it was asked about, UTC")
_ID = Column("society_id", "VARCHAR", "the site's own id of the society, as its addresses have it")
SOCIETIES: Final = Dataset(
    "fca_society_pages",
    (
        _NUMBER,
        _ASKED,
        Column("is_known", "BOOLEAN", "whether the site has a page of it"),
        _ID,
        Column("society_name", "VARCHAR", "name in the page's title"),
        Column("society_status", "VARCHAR", "status, in the page's words"),
        Column("registered_as", "VARCHAR", "kind of society, in the page's words"),
        Column("registered_on", "DATE", "date of registration"),
        Column("registration_act", "VARCHAR", "Act it is registered under"),
        Column("deregistered_on", "DATE", "date of deregistration, where the page shows one"),
        Column("year_end", "VARCHAR", "end of its financial year, as shown"),
        Column("documents", "BIGINT", "documents listed"),
    ),
    history=history(
        "society_number",
        "is_known society_id society_name society_status registered_as registered_on "
        "registration_act deregistered_on year_end documents",
    ),
)
DOCUMENTS: Final = Dataset(
    "fca_society_documents",
    (
        _NUMBER,
        _ASKED,
        _ID,
        Column("document_id", "VARCHAR", "the site's id of the document"),
        Column("filed_on", "DATE", "date in the list"),
        Column("file_name", "VARCHAR", "name of the file; null where it may name a person"),
        Column("is_file_name_withheld", "BOOLEAN", "whether the file's name is left out"),
        Column("category", "VARCHAR", "the list's category"),
        Column("category_detail", "VARCHAR", "its second category"),
        Column("document_kind", "VARCHAR", "annual-return or rules, by name and categories"),
    ),
    history=history(
        "society_number || '|' || document_id",
        "filed_on file_name is_file_name_withheld category category_detail document_kind",
    ),
)
