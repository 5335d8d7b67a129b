"""pot.py POT FOLDER: put Odoo's export into the folder without its dates, and bring the folder's translations in step."""
import ast
import sys
from pathlib import Path

import polib

COMPLETE = 'zh_CN'
# In the other languages batches and tags alone are named: customers' contacts carry them.
NAMES = ('model:res.partner.category,', 'model:cadence.tag.group,')

source, folder = map(Path, sys.argv[1:])
folder.mkdir(exist_ok=True)
template = polib.pofile(source, wrapwidth=78)
for key in ('POT-Creation-Date', 'PO-Revision-Date'):
    template.metadata.pop(key, None)
# What the app list says of the module: its record is base's, so Odoo's exporter leaves it out.
manifest = ast.literal_eval((folder.parent / '__manifest__.py').read_text())
for field, key in (('shortdesc', 'name'), ('summary', 'summary')):
    place = (f'model:ir.module.module,{field}:base.module_{source.stem}', '')
    if entry := template.find(manifest[key]):
        entry.occurrences.append(place)
    else:
        template.append(polib.POEntry(msgid=manifest[key], comment=f'module: {source.stem}', occurrences=[place]))
template.sort(key=lambda entry: entry.msgid)
template.save(folder / source.name)
for path in [*sorted(folder.glob('*.po'))] or [folder / f'{COMPLETE}.po']:
    translation = polib.pofile(path, wrapwidth=78) if path.exists() else polib.POFile(wrapwidth=78)
    translation.metadata = template.metadata | translation.metadata | {'Language': path.stem}
    for key in ('POT-Creation-Date', 'PO-Revision-Date'):
        translation.metadata.pop(key, None)
    translation.merge(template)
    kept = {entry.msgid: entry for entry in translation if not entry.obsolete}
    translation[:] = [
        kept[entry.msgid] for entry in template
        if path.stem == COMPLETE or any(place.startswith(NAMES) for place, _line in entry.occurrences)]
    translation.save(path)
    missing = sum(not entry.msgstr for entry in translation)
    print(f'{path.name}: {len(translation)} terms, {missing} to translate')
