"""A pytest plugin: each worker of xdist has a filestore of its own, as it has a database of its own.

pytest-odoo lets the workers share one. Then Odoo's cleaning of files in one worker removes what a test of the other has just
written: no row of the first one's database knows that file.
"""
import os
import shutil
from pathlib import Path
from unittest.mock import patch

import pytest
from odoo.tests.common import get_db_name
from odoo.tools import config


@pytest.fixture(scope='session', autouse=True)
def worker_filestore(load_registry):
    if 'PYTEST_XDIST_WORKER' not in os.environ:
        yield
        return
    database = get_db_name()
    shared = Path(config.filestore(database))
    own = shared.with_name(database)
    shutil.rmtree(own, ignore_errors=True)
    # Odoo never changes a file of the store, so a link is as good as a copy.
    shutil.copytree(shared, own, copy_function=os.link)
    with patch.object(config, 'filestore', lambda name: str(shared.with_name(name))):
        yield
    shutil.rmtree(own, ignore_errors=True)
