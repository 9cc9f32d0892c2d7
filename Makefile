# One entry point. "make help" lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

export RASA_TELEMETRY_ENABLED := false
export PYTHONPATH := $(CURDIR)
# TensorFlow comes with Rasa; where it is loaded (the template, some tests), it need not speak.
export TF_CPP_MIN_LOG_LEVEL := 3
# Where a shell forbids it, every start would compile TensorFlow's sources anew: 20 s each time.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONWARNINGS := ignore
# Rasa 3.6 pins SQLAlchemy 1.4, which announces 2.0 at every start.
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

ENGINE := .venv/engine
# Rasa's own command line without TensorFlow, which starts in a third of the time.
RASA = $(ENGINE)/bin/python -m assistant.engine
WEB := .venv/web
MODEL := models/assistant.tar.gz
# Under a name of its own: a recipe in which make finds $(MAKE) is run even by "make -n".
TRAIN := $(MAKE) --no-print-directory --silent $(MODEL)
# What the model is made from. Answers, contacts and places are read while it runs: an answer with
# phrases but without a file is learnt all the same, and is there as soon as its file is.
TRAINED_FROM := config.yml domain.yml data/katalog.yml $(wildcard data/nlu/*.yml data/rules/*.yml) \
	assistant/classifier.py assistant/intent_model.py assistant/rounded.py assistant/onnx_session.py \
	$(wildcard assistant/encoder/*.py) assistant/importer.py \
	requirements/engine.txt

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | sort | awk -F'\t' '{printf "  make %-15s %s\n", $$1, $$2}'

$(ENGINE)/.ready: requirements/engine.txt scripts/make-venv
	@scripts/make-venv 3.10 $(ENGINE) requirements/engine.txt

$(WEB)/.ready: requirements/web.txt scripts/make-venv
	@scripts/make-venv 3.12 $(WEB) requirements/web.txt

$(MODEL): $(TRAINED_FROM) | $(ENGINE)/.ready
	@echo "Training the model (the first time some minutes, later seconds)"
	# The content has been checked by our own rules; Rasa's take ten seconds more and run in the tests.
	$(RASA) train --quiet --skip-validation --data data --out models --fixed-model-name assistant
	touch $@

.PHONY: setup
setup: $(ENGINE)/.ready $(WEB)/.ready ## set up both environments

.PHONY: train
train: $(WEB)/.ready ## train the model if what it is made from has changed
	@$(WEB)/bin/python -m scripts.run check-content
	$(TRAIN)

.PHONY: run
run: $(ENGINE)/.ready $(WEB)/.ready ## start the whole product
	@status=0
	$(WEB)/bin/python -m scripts.run check || status=$$?
	# 3: what was learnt before is used, for the phrases have errors.
	if (( status == 0 )); then $(TRAIN)
	elif (( status != 3 )); then exit $$status; fi
	exec $(WEB)/bin/python -m scripts.run start

.PHONY: chat
chat: $(ENGINE)/.ready $(WEB)/.ready $(MODEL) ## talk to the same assistant in the terminal
	@exec $(WEB)/bin/python -m scripts.chat

.PHONY: check
check: $(WEB)/.ready ## check the content in data/
	@$(WEB)/bin/python -m content.check $(if $(FORMAT),--format $(FORMAT)) $(if $(DETAILS),--details) $(if $(LINKS),--links)

.PHONY: lint
lint: $(WEB)/.ready ## style of the code
	@$(WEB)/bin/ruff check .
	$(WEB)/bin/ruff format --check .

.PHONY: test
test: setup check lint $(MODEL) ## set up and run every test
	@$(WEB)/bin/python -m pytest tests/content tests/web tests/docs tests/deploy tests/bench tests/test_environment.py tests/test_private_logs.py
	$(ENGINE)/bin/python -m pytest tests/content tests/assistant tests/actions tests/evaluation tests/test_environment.py tests/test_private_logs.py
	found=$$($(RASA) data validate --data data --fail-on-warnings 2>&1) || { echo "$$found"; exit 1; }
	if grep -q UserWarning <<< "$$found"; then echo "$$found"; echo "rasa data validate: warnings"; exit 1; fi
	$(RASA) test core --stories tests/conversations --model $(MODEL) --fail-on-prediction-errors --no-plot --out results --quiet
	$(WEB)/bin/python -m pytest tests/product

.PHONY: fuzz
fuzz: setup $(MODEL) ## 100,000 nonsensical requests to the running product (REQUESTS=1000 for fewer)
	@PYTHONPATH=$(CURDIR):tests/web:tests/product $(WEB)/bin/python tests/product/fuzz.py

.PHONY: evaluate
evaluate: $(MODEL) ## measure understanding on the test messages
	@$(ENGINE)/bin/python -m evaluation.evaluate $(FILE) $(if $(FORMAT),--format $(FORMAT)) $(if $(WRITE),--write)

.PHONY: accuracy
accuracy: WRITE := 1
accuracy: evaluate ## the same, and renew docs/accuracy.md

.PHONY: evaluate-template
evaluate-template: $(ENGINE)/.ready ## Rasa's template pipeline on the same messages (hours; with EPOCHS=6 LONGEST=30 less)
	@$(ENGINE)/bin/python -m evaluation.compare $(if $(EPOCHS),--epochs $(EPOCHS)) $(if $(LONGEST),--longest $(LONGEST))

.PHONY: test-nlu
test-nlu: $(MODEL) ## rasa test nlu on the test messages (writes results/nlu/)
	@$(ENGINE)/bin/python -m evaluation.nlu_file results/nlu/messages.yml
	$(RASA) test nlu --nlu results/nlu/messages.yml --model $(MODEL) --out results/nlu --no-plot --quiet

.PHONY: explain
explain: export MESSAGE := $(value TEXT)
explain: $(MODEL) ## why a message gets its answer: TEXT="min søn har delt et billede"
	@$(ENGINE)/bin/python -m evaluation.explain "$$MESSAGE"

.PHONY: cross-validate
cross-validate: $(ENGINE)/.ready ## the measurement behind the thresholds (some minutes)
	@$(ENGINE)/bin/python -m evaluation.cross_validate

.PHONY: bench
bench: setup $(MODEL) ## speed and memory beside rasa init (45 minutes, on a quiet machine), or PARTS=start,latency
	@$(WEB)/bin/python -m evaluation.bench $(if $(PARTS),--parts $(PARTS)) $(if $(SHORT),--short)

.PHONY: drill
drill: setup $(MODEL) ## two replicas of each behind nginx: kill them and watch (some minutes)
	@$(WEB)/bin/python -m evaluation.drill $(if $(PARENTS),--parents $(PARENTS)) $(if $(SECONDS_EACH),--brief $(SECONDS_EACH))

.PHONY: lock
lock: ## renew the locked requirements (needs uv)
	@cd requirements
	uv pip compile --python-version 3.10 --generate-hashes --no-header --no-annotate -q engine.in -o engine.txt
	uv pip compile --python-version 3.12 --generate-hashes --no-header --no-annotate -q web.in -o web.txt

.PHONY: clean
clean: ## remove what setup and training made
	@# The last good copies of the content, in .rasa too, nothing could make again.
	rm -rf .venv models .rasa/cache .rasa/embeddings.npz results .pytest_cache .ruff_cache
