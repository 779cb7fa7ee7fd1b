"""Papers brought in from files and from the net, and what papers lack, filled in.

    thing ─► service (net) ─► item of CSL ─► the reader of CSL-JSON ─► Record ─► entries in a .bib

What comes from the net goes the way of any other source: it becomes CSL-JSON and is read by the
same reader, so nothing in it can do what a file could not. What the owner wrote is never changed.
A build asks nothing of anybody; only the commands `import` and `enrich` come here.
"""

from generator.intake.adding import Addition, Found, addition
from generator.intake.collection import Collection, collected
from generator.intake.files import contents, save
from generator.intake.filling import FIELDS, Filling, filling
from generator.intake.net import Net, NetError
from generator.intake.services import Services
from generator.intake.things import Brought, Thing, brought, thing

__all__ = [
    "FIELDS", "Addition", "Brought", "Collection", "Filling", "Found", "Net", "NetError",
    "Services", "Thing", "addition", "brought", "collected", "contents", "filling",
    "save", "thing",
]  # fmt: skip
