from odoo.addons.web.tests.test_js import HOOTCommon, unit_test_error_checker
from odoo.tests import HttpCase, tagged

HASH = HOOTCommon._generate_hash
del HOOTCommon  # or its tests were ours


@tagged('post_install', '-at_install')
class TestHoot(HttpCase):
    """The unit tests of the module's JavaScript, `static/tests/**/*.test.js`, in a real browser."""

    def test_widgets(self):
        suite = HASH(self, '@mass_mailing_cadence')
        told = []

        def is_the_end(message):
            told.append(message)
            return unit_test_error_checker(message)

        try:
            self.browser_js(
                f'/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}', '', '', login='admin', timeout=400,
                success_signal='[HOOT] Test suite succeeded', error_checker=is_the_end)
        except AssertionError as error:
            self.fail('\n'.join([*told, str(error)]))
