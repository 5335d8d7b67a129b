"""The build backend of pyproject.toml: whool on a copy under the module's name, without what an Odoo has no use for.

whool takes the module's name from the folder, and a clone may have any; it packs all that the repository holds.
"""
import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from whool import buildapi

MODULE = 'mass_mailing_cadence'
NEVER = ('.*', '__pycache__', '*.pyc', '*.egg-info', 'build', 'dist')
NOT_IN_WHEEL = {'tests', 'bench', 'dev', 'Makefile', 'CONTRIBUTING.md'}


@contextlib.contextmanager
def _staged(left_out=()):
    """Stand in a copy of the sources whose folder has the module's name."""
    root = Path.cwd()

    def ignore(folder, names):
        return {*shutil.ignore_patterns(*NEVER)(folder, names), *(left_out if Path(folder) == root else ())}

    with tempfile.TemporaryDirectory() as temporary:
        shutil.copytree(root, Path(temporary, MODULE), ignore=ignore)
        os.chdir(Path(temporary, MODULE))
        try:
            yield
        finally:
            os.chdir(root)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    wheel_directory = os.path.abspath(wheel_directory)
    with _staged(NOT_IN_WHEEL):
        return buildapi.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory, config_settings=None):
    sdist_directory = os.path.abspath(sdist_directory)
    with _staged():
        return buildapi.build_sdist(sdist_directory, config_settings)


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    metadata_directory = os.path.abspath(metadata_directory)
    with _staged(NOT_IN_WHEEL):
        return buildapi.prepare_metadata_for_build_wheel(metadata_directory, config_settings)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    if Path.cwd().name != MODULE:
        raise SystemExit(f"an editable installation needs a folder of the name {MODULE}, not {Path.cwd().name}")
    return buildapi.build_editable(wheel_directory, config_settings, metadata_directory)
