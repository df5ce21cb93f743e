"""`python -m flows` is `khabar`."""

import sys

from flows.cli import main

sys.exit(main())
