"""The documented name of `score-model mirror`."""

import sys

from score_model.cli.main import main

if __name__ == "__main__":
    main(["mirror", *sys.argv[1:]])
