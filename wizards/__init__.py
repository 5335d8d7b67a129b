from . import cadence_release, cadence_why, cadence_why_line
