from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import ForeignKeyViolation

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestMailServer(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.env['ir.mail_server'].create({'name': 'Ours', 'smtp_host': 'smtp.me.example'})

    def test_a_server_that_a_segment_mails_by_is_neither_archived_nor_deleted(self):
        self.segment.mail_server_id = self.server
        with self.assertRaisesRegex(UserError, self.segment.name):
            self.server.action_archive()
        with mute_logger('odoo.sql_db'), self.assertRaises(ForeignKeyViolation), self.env.cr.savepoint():
            self.server.unlink()

    def test_a_server_that_nobody_uses_is_free(self):
        self.segment.mail_server_id = self.server
        self.segment.action_archive()
        self.server.action_archive()
        self.assertFalse(self.server.active)
