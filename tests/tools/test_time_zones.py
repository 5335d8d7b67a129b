from unittest import TestCase

import pytz

from ...tools import time_zones


class TestTimeZones(TestCase):

    def _only(self, year=2026):
        return {zone.country: zone.name for zone in time_zones.get_zones(year) if zone.is_only}

    def test_a_country_whose_clocks_agree_has_one_zone(self):
        only = self._only()
        self.assertEqual(
            [only.get(code) for code in ('DE', 'FR', 'JP', 'AR', 'IN')],
            ['Europe/Berlin', 'Europe/Paris', 'Asia/Tokyo', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata'])

    def test_islands_do_not_hide_the_clock_of_a_country(self):
        only = self._only()
        self.assertEqual((only['CN'], only['ES'], only['UA']), ('Asia/Shanghai', 'Europe/Madrid', 'Europe/Kiev'))

    def test_nothing_is_guessed_of_a_country_with_several_clocks(self):
        self.assertFalse(self._only().keys() & {'US', 'CA', 'BR', 'RU', 'AU', 'MX', 'ID'})

    def test_each_zone_is_told_once_and_known(self):
        zones = time_zones.get_zones(2026)
        self.assertEqual(len({(zone.country, zone.name) for zone in zones}), len(zones))
        self.assertLessEqual({zone.name for zone in zones}, pytz.all_timezones_set)
        self.assertEqual({zone.country for zone in zones}, set(pytz.country_timezones))

    def test_endings_that_all_the_world_uses_tell_nothing(self):
        endings = time_zones.get_endings()
        self.assertEqual((endings['de'], endings['cn'], endings['uk']), ('DE', 'CN', 'GB'))
        self.assertFalse(endings.keys() & {'io', 'ai', 'co', 'me', 'tv', 'gb', 'com'})
