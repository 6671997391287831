"""Hidden checks of `sigmoid`."""

import numpy as np
from sigmoid import sigmoid

from grader.checks import assert_array, assert_close, assert_inputs_unchanged

# Far out on the left the true value is below 1e-300. Clipping the input at -500 gives 7e-218 there:
# a difference that nobody can measure, so it is accepted. Clipping at -20 (2e-9) is not.
AS_GOOD_AS_ZERO = 1e-200


def test_known_values() -> None:
    """sigmoid gives 0.5 at 0, about 0.8808 at 2 and about 0.2689 at -1, in full precision."""
    assert_close(sigmoid(np.array([0.0, 2.0, -1.0])), [0.5, 0.8807970779778823, 0.2689414213699951], rtol=1e-12)


def test_symmetry() -> None:
    """sigmoid(-x) equals 1 - sigmoid(x)."""
    x = np.random.default_rng(7).normal(scale=8, size=500)
    right = assert_array(sigmoid(x), shape=x.shape)
    assert_close(sigmoid(-x), 1 - right, rtol=0, atol=1e-12, law="sigmoid(-x) must equal 1 - sigmoid(x)")


def test_never_decreases() -> None:
    """A larger x never gives a smaller result."""
    x = np.linspace(-700, 700, 2801)
    result = assert_array(sigmoid(x), shape=x.shape)
    # Not "always increases": near x = 37 the result rounds to 1 and stays there.
    assert (np.diff(result) >= 0).all(), "for rising x the result must rise or stay, never fall or become NaN"


def test_no_overflow() -> None:
    """Huge numbers, 1000 or 1e308 on either side, give 1 and 0 without a warning."""
    # Both sides are tried before the check fails: which of them overflow tells the formulas apart.
    overflows = []
    for side, expected in ((1.0, 1.0), (-1.0, 0.0)):
        try:
            with np.errstate(over="raise", invalid="raise"):
                result = sigmoid(side * np.array([1000.0, 1e308]))
            assert_close(result, [expected, expected], atol=AS_GOOD_AS_ZERO)
        except FloatingPointError as error:
            overflows.append(error)
    if overflows:
        raise overflows[0]


def test_left_tail_precision() -> None:
    """Far left the result is tiny but right: about 4.2e-18 at -40, not 0."""
    assert_close(
        sigmoid(np.array([-40.0, -300.0])),
        [4.248354255291589e-18, 5.148200222412013e-131],
        rtol=1e-9,
        law="for very negative x, sigmoid(x) comes close to e^x and never reaches 0 that early",
    )


def test_nonfinite() -> None:
    """-inf gives 0, inf gives 1 and NaN stays NaN."""
    assert_close(sigmoid(np.array([-np.inf, np.inf, np.nan])), [0.0, 1.0, np.nan], atol=AS_GOOD_AS_ZERO)


def test_shapes_and_dtype() -> None:
    """Every shape comes back as it went in; float32 stays float32, all else becomes float64."""
    assert_close(sigmoid(-3.0), 0.04742587317756678)
    assert_array(sigmoid(np.empty(0)), shape=(0,), dtype=np.float64)
    assert_array(sigmoid(np.linspace(-2, 2, 12).reshape(3, 4)), shape=(3, 4), dtype=np.float64)
    single = assert_array(sigmoid(np.array([-80.0, 3.0], np.float32)), dtype=np.float32)
    assert_close(single, [1.8048513878454153e-35, 0.9525741268224333], rtol=1e-5)
    for x in (np.array([0, 200], np.uint8), np.array([False, True]), [-3, 3]):
        result = assert_array(sigmoid(x), shape=(2,), dtype=np.float64)
        expected = 1 / (1 + np.exp(-np.array(x, np.float64)))
        assert_close(result, expected, law="whole numbers and booleans must give what the same floats give")


def test_inputs_unchanged() -> None:
    """The array you are given is not written to."""
    result = assert_inputs_unchanged(sigmoid, np.array([-2.5, 0.0, 1.25]))
    assert_close(result, [0.07585818002124355, 0.5, 0.7772998611746911])
