"""``python -m partner_center``: the command line."""

from .cli import main

raise SystemExit(main())
