"""The line that ties requirements.txt to the dependencies of pyproject.toml.

``tools/lock.sh`` writes it on top of the lock; a test computes it anew and compares. A change of
anything else in pyproject.toml (a lint rule, say) leaves it as it is.
"""

import hashlib
import json
import tomllib
from pathlib import Path


def lock_line(pyproject: str) -> str:
    """The first line of requirements.txt for the text of a pyproject.toml.

    Covers the range of Pythons, the dependencies and every extra; their order does not count.
    """
    project = tomllib.loads(pyproject)["project"]
    extras = project.get("optional-dependencies", {})
    facts = {
        "python": project["requires-python"],
        "dependencies": sorted(project["dependencies"]),
        "extras": {name: sorted(members) for name, members in extras.items()},
    }
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    return f"# pyproject.toml dependencies sha256:{digest}"


if __name__ == "__main__":
    print(lock_line(Path("pyproject.toml").read_text(encoding="utf-8")))
