import os
import unittest
from unittest.mock import patch

from odoo.modules import module
from odoo.tests import BaseCase

from . import world
from .checks import Judge
from .machine import Machine


@unittest.skipUnless('CADENCE_TEMPLATE_DB' in os.environ, "needs the idle database of `make test`")
class SimulationCase(BaseCase):
    """A machine with the world in it; each test makes the world anew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine = cls.enterClassContext(Machine(os.environ['CADENCE_TEMPLATE_DB']))
        world.build(cls.machine)

    def setUp(self):
        super().setUp()
        # Odoo says that a test runs, and then neither commits nor sends mails.
        self.enterContext(patch.object(module, 'current_test', False))

    def world(self, start='2026-02-03', segments=('utc',), sent_at_once=100, groups=('sprint',)):
        """The world at the beginning of a day; by default with a segment that mails at 10:00 UTC, every five days."""
        self.w = world.World(self.machine, start, segments, Judge(), sent_at_once, groups)
        return self.w

    def assertHolds(self, until=None):
        """Every promise holds up to a moment."""
        if until:
            self.w.go(until)
        self.assertEqual([f'{kind}: {text}' for _moment, kind, text in self.w.violations], [])

    def assertLeft(self, *addresses, since='2000-01-01', segment=None):
        """Exactly these got a mail since; an address as often as it is named."""
        self.assertEqual(sorted(
            address for mail in self.w.left for address in mail.recipients
            if f'{mail.moment:%Y-%m-%d %H:%M}' >= since and (not segment or mail.subject.startswith(f'[{segment}/'))
        ), sorted(addresses))

    def read(self, query, *params):  # pylint: disable=method-required-super
        return self.machine.read(query, params)
