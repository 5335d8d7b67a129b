from . import cadence_release
