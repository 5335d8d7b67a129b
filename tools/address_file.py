class TableError(ValueError):
    code = ''
