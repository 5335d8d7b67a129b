#!/bin/bash
echo "✗ The integration window is closed (the machine is needed for the final run). Commit what is finished, do not merge into main any more, and report now: what holds, what was decided, what is left." >&2
exit 1
