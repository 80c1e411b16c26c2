"""`python -m score_model` is `score-model`."""

from score_model.cli.main import main

if __name__ == "__main__":
    main()
