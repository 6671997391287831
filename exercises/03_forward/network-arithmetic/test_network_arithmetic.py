"""Hidden checks of `network-arithmetic`."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from network_arithmetic import conv_output_size, count_parameters, iterations_per_epoch, total_iterations

from grader.checks import assert_close, assert_number


def assert_counts(function: Callable[..., object], cases: Sequence[tuple[tuple[object, ...], int]]) -> None:
    """Demand this count for each of these arguments."""
    for arguments, count in cases:
        assert_close(function(*arguments), count, rtol=0)


def assert_refused(function: Callable[..., object], cases: Sequence[tuple[object, ...]]) -> None:
    """Demand ValueError for each of these arguments."""
    for arguments in cases:
        with pytest.raises(ValueError):
            function(*arguments)


def test_dense_parameters() -> None:
    """[32, 64, 256, 5] has 20,037 parameters, [784, 50, 100, 10] 45,360, [2, 2, 1] 9 and [3, 1] 4."""
    networks = [([32, 64, 256, 5], 20037), ([784, 50, 100, 10], 45360), ([2, 2, 1], 9), ([3, 1], 4)]
    assert_counts(count_parameters, [((sizes,), count) for sizes, count in networks])


def test_iterations_exact() -> None:
    """60,000 samples in batches of 100 are 600 iterations, and 600,000 in 1,000 epochs."""
    assert_counts(iterations_per_epoch, [((60000, 100), 600), ((60000, 100, True), 600), ((8, 8), 1), ((7, 1), 7)])
    assert_counts(total_iterations, [((60000, 100, 1000), 600000), ((8, 8, 1), 1), ((12, 4, 2), 6)])


def test_iterations_remainder() -> None:
    """A last, smaller batch counts, in every epoch, unless it is dropped: 60,000 by 128 gives 469, or 468."""
    assert_counts(iterations_per_epoch, [((60000, 128), 469), ((10, 100), 1), ((9, 4), 3), ((11, 4), 3)])
    assert_counts(iterations_per_epoch, [((60000, 128, True), 468), ((10, 100, True), 0), ((11, 4, True), 2)])
    assert_counts(total_iterations, [((60000, 128, 10), 4690), ((9, 4, 4), 12), ((10, 100, 7), 7)])


def test_conv_output_size() -> None:
    """28 pixels and a kernel of 5 leave 24, with padding 2 again 28; 28, 3, stride 2 leave 13."""
    plain = [((28, 5), 24), ((1, 1), 1), ((5, 5), 1)]
    padded = [((28, 5, 1, 2), 28), ((7, 3, 2, 1), 4), ((2, 4, 1, 1), 1), ((6, 3, 2, 1), 3)]
    strided = [((28, 3, 2), 13), ((28, 2, 2), 14), ((10, 3, 4), 2), ((9, 3, 10), 1)]
    assert_counts(conv_output_size, [*plain, *padded, *strided])


def test_python_ints() -> None:
    """Every result is a Python int, also for integers of NumPy, and small ones don't overflow."""
    kinds: list[Any] = [int, np.int64, np.uint8]
    for kind in kinds:
        cases: list[tuple[Callable[..., object], tuple[Any, ...], int]] = [
            (count_parameters, (tuple(kind(n) for n in (200, 100, 3)),), 20403),
            (conv_output_size, (kind(250), kind(3), kind(2), kind(10)), 134),
            (iterations_per_epoch, (kind(250), kind(100)), 3),
            (iterations_per_epoch, (kind(250), kind(100), True), 2),
            (total_iterations, (kind(250), kind(100), kind(200)), 600),
        ]
        for function, arguments, count in cases:
            result = function(*arguments)
            assert_number(result, kind=int)
            assert_close(result, count, rtol=0, law=f"the same count for arguments of type {kind.__name__}")


def test_bad_arguments() -> None:
    """One layer, numbers below their minimum, 2.5 and a kernel that doesn't fit raise ValueError."""
    sizes = [[5], [], [3, 0, 1], [0, 3], [3, -2], [4, 2.5, 1]]
    assert_refused(count_parameters, [(s,) for s in sizes])
    assert_refused(conv_output_size, [(0, 1), (5, 0), (5, 3, 0), (5, 3, 1, -1)])
    assert_refused(conv_output_size, [(5.5, 3), (5, 2.5), (5, 3, 1.5), (5, 3, 1, 0.5)])
    assert_refused(conv_output_size, [(3, 5), (2, 5, 1, 1), (3, 5, 4)])
    batches = [(0, 4), (9, 0), (-9, 4), (9, -4), (9.5, 4), (9, 2.5)]
    assert_refused(iterations_per_epoch, batches)
    assert_refused(total_iterations, [*((n, b, 2) for n, b in batches), (9, 4, 0), (9, 4, -1), (9, 4, 2.5)])
