from pkgutil import walk_packages

# Every tests/**/test_*.py, those of the pure tools included, is a test of the module; Odoo's loader looks for them here.
for module in walk_packages(__path__, f'{__name__}.'):
    __import__(module.name)
    folder, _dot, name = module.name.removeprefix(f'{__name__}.').rpartition('.')
    if name.startswith('test_'):
        globals()[f'test_{folder}_{name}' if folder else name] = __import__(module.name, fromlist=['*'])
