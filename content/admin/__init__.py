from __future__ import annotations

from .audit import AuditEntryAdmin
from .pages import PageAdmin
from .words import RoleAdmin, SiteWordsAdmin, StrengthAdmin, WordsVersionAdmin

__all__ = [
    "AuditEntryAdmin",
    "PageAdmin",
    "RoleAdmin",
    "SiteWordsAdmin",
    "StrengthAdmin",
    "WordsVersionAdmin",
]
