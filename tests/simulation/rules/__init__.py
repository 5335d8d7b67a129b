from . import (  # noqa: F401 they register their rules
    accidents,
    contacts,
    customers,
    mailings,
    readers,
    segments,
    senders,
    settings,
)
from .registry import RULES, Rule

__all__ = ['RULES', 'Rule']
