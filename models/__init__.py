from . import rhythm, intake, day, follow, results  # isort: skip
