from collections import defaultdict

import pytest
import target

NAMES = """
other_kind no_pairs no_factory five class_factory unhashable unknown bool_number itself forgotten released attributes
""".split()


@pytest.mark.parametrize("name", NAMES)
def test_wrong(name):
    container = defaultdict(list, {"kept": [1]})
    target.take(container)
    value = getattr(target, name)(container)
    assert container["a"] == []
    assert target.take(container) == 2, value


@pytest.mark.parametrize("kind", [ValueError, TypeError, RecursionError, Exception])
@pytest.mark.parametrize("name", ["other_kind", "no_pairs", "no_factory", "unhashable", "unknown"])
def test_wrong_swallowed(name, kind):
    container = defaultdict(list)
    target.take(container)
    with pytest.raises(kind):
        getattr(target, name)(container)
