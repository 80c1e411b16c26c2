"""The documented name of `score-model train`."""

import sys

from score_model.cli.main import main

if __name__ == "__main__":
    main(["train", *sys.argv[1:]])
