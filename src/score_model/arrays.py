"""NumPy arrays by what they hold; the dtype is the whole promise, shapes are said where they pass."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
