"""What `bibpress` and `python -m generator` start.

Loading the program takes a moment, and Ctrl-C in that moment is no fault: the process then ends by
the signal, as other programs do, and not with a traceback of whatever was being imported.
"""

import signal

if _is_pythons := signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from generator.cli import main

if _is_pythons:
    signal.signal(signal.SIGINT, signal.default_int_handler)

if __name__ == "__main__":
    main()
