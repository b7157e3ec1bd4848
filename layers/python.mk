# The interpreter that builds: it writes bytecode, so it must be the runtime's version; it installs, so it must have pip.
# It is looked for, and must be called, from within the repository: there a version manager finds .python-version.
LAYERS := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))
PYTHON := $(shell cd "$(LAYERS)" && for python in "$(LAYERS)/../.venv/bin/python" python3.13 python3 python; do \
	"$$python" -c 'import sys, pip; sys.exit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1 && echo "$$python" && break; done)
ifeq ($(PYTHON),)
$(error No Python 3.13 with pip was found: make .venv with it, or put python3.13 on the PATH)
endif
