"""The documented name of `score-model replay`."""

import sys

from score_model.cli.main import main

if __name__ == "__main__":
    main(["replay", *sys.argv[1:]])
