"""The action server with private logs: ``python -m actions --port 5055``."""

from __future__ import annotations

import logging

from rasa_sdk.endpoint import create_argument_parser, run

from environment import read_environment
from private_logs import keep_private


def main() -> None:
    """Serves this package's actions until it is stopped."""
    options = create_argument_parser().parse_args()
    logging.basicConfig(level=read_environment().log_level)
    keep_private()
    run(__package__, options.port)


if __name__ == "__main__":
    main()
