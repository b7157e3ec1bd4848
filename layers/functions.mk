# After `sam build`: SAM's own way of building a function strips bytecode, so it is added to what SAM left.
include $(dir $(lastword $(MAKEFILE_LIST)))python.mk

bytecode:
	@cd "$(LAYERS)/.." && $(PYTHON) layers/bytecode.py --mount /var/task --mode checked .aws-sam/build/*Function

.PHONY: bytecode
