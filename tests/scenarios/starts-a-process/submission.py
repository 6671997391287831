import subprocess
import sys

import numpy as np

subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


def sigmoid(x):
    return np.zeros(np.shape(x))
