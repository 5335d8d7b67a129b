"""A pytest plugin: files that take minutes come first, so that no worker is left with one of them while the others are done."""
LONG = ('/simulation/', '/journeys/', '/test_buttons.py')


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: not any(part in item.nodeid for part in LONG))
