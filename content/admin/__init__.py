from __future__ import annotations

from .pages import PageAdmin
from .words import RoleAdmin, SiteWordsAdmin, StrengthAdmin

__all__ = ["PageAdmin", "RoleAdmin", "SiteWordsAdmin", "StrengthAdmin"]
