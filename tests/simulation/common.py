import os
import unittest
from contextlib import ExitStack
from unittest.mock import patch

from odoo.modules import module
from odoo.tests import BaseCase

from . import world
from .checks import Judge
from .machine import Machine

_life = ExitStack()


def setUpModule():
    """A machine with the world in it for all classes of a file: to load Odoo and build the world takes as long as ten tests."""
    if 'CADENCE_TEMPLATE_DB' in os.environ:
        machine = Machine(os.environ['CADENCE_TEMPLATE_DB'])
        world.build(_life.enter_context(machine))
        SimulationCase.machine = machine


def tearDownModule():
    _life.close()


@unittest.skipUnless('CADENCE_TEMPLATE_DB' in os.environ, "needs the idle database of `make test`")
class SimulationCase(BaseCase):
    """Each test makes the world anew. A file of them takes over `setUpModule` and `tearDownModule` as well."""
    machine = None

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
