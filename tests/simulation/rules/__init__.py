from . import accidents, contacts, customers, mailings, segments, senders, settings  # noqa: F401 they register their rules
from .registry import RULES, Rule

__all__ = ['RULES', 'Rule']
