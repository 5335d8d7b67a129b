from pkgutil import iter_modules

# Every tests/test_*.py, those of the pure tools included, is a test of the module.
__all__ = []
for module in iter_modules(__path__):
    if module.name.startswith('test_'):
        __import__(f'{__name__}.{module.name}')
        __all__.append(module.name)
