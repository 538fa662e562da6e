import sys

# They come with the embedded engine, which works without them. Importing them costs 100 MB resident, and we never do.
for heavy in ("pandas", "pyarrow"):
    sys.modules.setdefault(heavy, None)  # type: ignore[arg-type]  # None is how an import is refused.
