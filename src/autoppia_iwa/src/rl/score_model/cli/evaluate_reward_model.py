"""The documented name of `score-model evaluate`."""

import sys

from score_model.cli.main import main

if __name__ == "__main__":
    main(["evaluate", *sys.argv[1:]])
