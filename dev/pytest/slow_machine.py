"""A pytest plugin: hypothesis judges what a property is, not how fast the machine drew its examples.

The machines that run the tests are shared, and the first draw imports what it needs: a health check that measures seconds
fails there by chance.
"""
from hypothesis import HealthCheck, settings

settings.register_profile('slow_machine', deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile('slow_machine')
