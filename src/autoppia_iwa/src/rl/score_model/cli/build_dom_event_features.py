"""The documented name of `score-model features`."""

import sys

from score_model.cli.main import main

if __name__ == "__main__":
    main(["features", *sys.argv[1:]])
