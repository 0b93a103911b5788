"""``python -m monitor`` is ``tip-monitor``."""

from monitor.cli.main import main

if __name__ == "__main__":
    main()
