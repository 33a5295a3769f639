# Two commands matter: `make demo` and `make test`. Both install what is missing.
PREFIX ?= /usr/local
PYTHON_TOOLS = $(PREFIX)/lib/swift-openclip/python/bin/python
PYTHON_PEERS = $(PREFIX)/lib/swift-openclip/python-benchmark/bin/python
PYTHON_ONNX = $(PREFIX)/lib/swift-openclip/python-onnx/bin/python
PYTHON_FORMATS = $(PREFIX)/lib/swift-openclip/python-formats/bin/python
PYTHON_ENGINES = $(PREFIX)/lib/swift-openclip/python-engines/bin/python
# Warnings are errors here, and not for those who depend on the package.
SWIFT_FLAGS = -c release -Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error \
	-Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc '$(SYMBOLS)' \
	-Xswiftc -symbol-graph-skip-synthesized-members
# What documentation is built from; made with the modules.
SYMBOLS = $(CURDIR)/.build/symbols
CLI = .build/release/clip-cli
# Programs that run beside each other on few processors would wait for each other's threads.
SWIFT_TEST = OMP_NUM_THREADS=1 PYTHON=$(PYTHON_TOOLS) swift test $(SWIFT_FLAGS) --skip-build --disable-xctest
CHECK = $(PYTHON_TOOLS) Tools
WITH_PHOTOS = --cli $(CLI) --photos build/photos
SMALL = build/test-models/vit-gelu
QUANTISED = build/test-models/vit-quickgelu-int8/model.json
OPENVINO = build/test-models/vit-quickgelu-openvino/model.json
# The Python package, installed as its users install it.
PACKAGE = build/engines/package
DEMO = build/demo
COUNT = 200000

# What makes models, measures with them, or compares with the references.
NEED_PYTORCH = demo export import-onnx setup-onnx simulate test test-build test-long test-parity test-damage test-formats \
	test-database test-engines test-consumer test-asan test-native-asan test-leaks test-tsan check-gpu fuzz-differential benchmark \
	benchmark-engines benchmark-peers soak soak-week faults test-schedules
ifeq ($(PYTORCH),no)
ifneq ($(filter $(NEED_PYTORCH),$(MAKECMDGOALS)),)
$(error make $(firstword $(filter $(NEED_PYTORCH),$(MAKECMDGOALS))) needs PyTorch, which PYTORCH=no leaves out; Docs/Models.md says what works without it)
endif
endif

.PHONY: help setup setup-onnx build demo export import-onnx simulate test test-build test-long test-parity test-damage test-formats test-database test-engines test-consumer test-asan test-native-asan test-leaks test-tsan test-schedules test-without-pytorch check-gpu fuzz docs lint format benchmark benchmark-engines benchmark-peers soak soak-week faults clean sbom fuzz-build fuzz-coverage fuzz-corpus fuzz-differential

help:
	@echo "make demo       install what is missing, build, and classify real photos"
	@echo "make test       install what is missing, build, and run the checks of everyday work"
	@echo "make test-long, test-parity, test-damage, test-formats, test-database, test-engines, test-consumer, test-asan,"
	@echo "                test-without-pytorch"
	@echo "                run the longer checks: thousands of images; every family of models against"
	@echo "                open_clip; hostile files and kills; every image format against Pillow; a PostgreSQL"
	@echo "                server; Spark and Ray; the examples as a user's packages; all tests under the address"
	@echo "                sanitizer, or some: make test-asan TESTS='CLIPImageTests'; the wrappers without PyTorch"
	@echo "make test-schedules, test-tsan, test-leaks, test-native-asan"
	@echo "                run SEEDS=10000 random runs of the pipeline against a model of it; all tests, or some, under the"
	@echo "                thread sanitizer; a long run and workers with a look for leaks; the wrappers' own tests under the"
	@echo "                address sanitizer"
	@echo "make check-gpu  check and measure models on a GPU, with a CUDA build of libtorch: LIBTORCH=DIR make check-gpu"
	@echo "make fuzz       feed made-up files to everything that parses, for MINUTES=2"
	@echo "make fuzz-coverage, fuzz-differential"
	@echo "                count the lines that they reach; compare tokens and pixels with the references on random"
	@echo "                texts and images: make fuzz-differential ARGS='--seed 2 --texts 100000 --images 20000'"
	@echo "make simulate   compute how often confidence intervals and promises hold"
	@echo "make export     export a model: make export ARGS='--model ViT-B-32 --pretrained TAG --output DIR'"
	@echo "make import-onnx"
	@echo "                make a bundle from ONNX files: make import-onnx ARGS='--image-encoder FILE --text-encoder FILE --output DIR'"
	@echo "make docs       build the documentation of every library into build/docs"
	@echo "make sbom       write the software bill of materials of this build to build/sbom.json"
	@echo "make setup      install what is missing"
	@echo "make build      build the libraries and clip-cli; without PyTorch, for models of OpenVINO: PYTORCH=no make build"
	@echo "make format     format the Swift sources"
	@echo "make benchmark  measure and print what Docs/Benchmarks.md reports, and compare with other runtimes there"
	@echo "make benchmark-peers"
	@echo "                only the comparison, or a part: make benchmark-peers ARGS='--quick --only towers'"
	@echo "make benchmark-engines"
	@echo "                what Spark and Ray cost per image beside embed: make benchmark-engines ARGS='--model ViT-B-32'"
	@echo "make soak       embed 200,000 images and check memory and speed: make soak COUNT=200000"
	@echo "make soak-week  embed 1,000,000 images through a stub of an encoder and check memory, speed and files"
	@echo "make faults     kill runs, make calls fail, cut the power, damage files, take locks away and let disks run full, and"
	@echo "                check that nothing is lost"
	@echo "make clean      remove what was built here"

setup:
	@PREFIX=$(PREFIX) scripts/setup.sh

build:
	@PREFIX=$(PREFIX) scripts/build.sh $(SWIFT_FLAGS) --product clip-cli

demo: build
	@PYTHON=$(PYTHON_TOOLS) CLI=$(CLI) scripts/demo.sh $(DEMO)

# Models for OpenVINO are converted with packages of their own.
export: setup $(if $(findstring openvino,$(ARGS)),setup-onnx)
	$(if $(findstring openvino,$(ARGS)),$(PYTHON_ONNX),$(PYTHON_TOOLS)) Tools/export_openclip.py $(ARGS)

import-onnx: setup-onnx
	$(PYTHON_ONNX) Tools/import_onnx.py $(ARGS)

setup-onnx: setup
	@PREFIX=$(PREFIX) scripts/setup.sh onnx

test: test-build $(QUANTISED) $(OPENVINO) build/axe/axe.min.js
	$(MAKE) lint
	$(CHECK)/test_check_rooms.py
	$(CHECK)/check_rooms.py
	$(CHECK)/test_doc_commands.py
	$(CHECK)/test_benchmark_peers.py
	$(CHECK)/test_check_gpu.py
	$(CHECK)/test_fuzz.py
	$(CHECK)/test_sbom.py
	$(CHECK)/test_check_advisories.py
	$(CHECK)/check_advisories.py
	$(CHECK)/test_export_unigram.py
	$(CHECK)/test_export_checkpoints.py
	$(CHECK)/test_export_folders.py
	$(CHECK)/test_export_folder_weights.py
	$(CHECK)/test_export_folder_files.py
	$(CHECK)/test_export_folder_kinds.py
	$(PYTHON_ONNX) Tools/test_openvino_graphs.py
	$(PYTHON_ONNX) Tools/test_export_openvino.py
	$(PYTHON_ONNX) Tools/test_onnx_pixels.py
	$(PYTHON_ONNX) Tools/test_import_onnx.py
	ctest --test-dir build/native --output-on-failure --no-tests=error
	scripts/build-docs.sh '$(SYMBOLS)' build/docs
	$(CHECK)/test_public_api.py
	$(CHECK)/public_api.py '$(SYMBOLS)'
	$(SWIFT_TEST) --skip 'LongRunTests|ScheduleTests'
	$(SWIFT_TEST) --filter ScheduleTests
	$(CHECK)/check_reading_embeddings.py $(WITH_PHOTOS)
	$(CHECK)/check_recipes.py $(WITH_PHOTOS)
	$(CHECK)/check_commands.py $(WITH_PHOTOS)
	$(CHECK)/check_sources.py $(WITH_PHOTOS)
	$(CHECK)/check_worker.py $(WITH_PHOTOS) --model $(dir $(QUANTISED))
	$(CHECK)/check_openvino_limits.py $(WITH_PHOTOS) --model $(dir $(OPENVINO)) --library $(PREFIX)/lib/swift-openclip/openvino
	$(CHECK)/check_security.py $(WITH_PHOTOS) --only terminal spreadsheets places network secrets versions
	$(CHECK)/check_metrics.py $(WITH_PHOTOS)
	$(CHECK)/check_clip_retrieval.py $(WITH_PHOTOS)
	$(CHECK)/check_report.py $(WITH_PHOTOS) --axe build/axe/axe.min.js

# How often intervals and promises hold, on simulated collections: what Docs/Evaluation.md and Docs/Calibration.md state.
simulate: test-build
	OPENCLIP_SIMULATE=1 OPENCLIP_SIMULATION_CSV=$(CURDIR)/build/samples.csv $(SWIFT_TEST) --no-parallel \
		--filter Simulations
	$(MAKE) build/oasis
	$(CHECK)/compare_sampling.py --table build/samples.csv --oasis build/oasis --picture Docs/images/sampling.svg

test-long: test-build
	$(SWIFT_TEST) --filter LongRunTests

# Random runs of the pipeline against a model without concurrency: make test-schedules SEEDS=10000 FIRST=1
SEEDS = 10000
FIRST = 1
test-schedules: test-build
	OPENCLIP_SCHEDULES=$(SEEDS) OPENCLIP_FIRST_SEED=$(FIRST) $(SWIFT_TEST) --filter ScheduleTests

# Every family of models, against open_clip and transformers themselves, with both engines; models out of ONNX files, against
# ONNX Runtime; and the check of GPUs, on the CPU.
test-parity: test-build
	$(PYTHON_ONNX) Tools/check_parity.py $(WITH_PHOTOS) --models build/test-models
	$(PYTHON_ONNX) Tools/check_onnx.py $(WITH_PHOTOS)
	$(CHECK)/check_gpu.py $(WITH_PHOTOS) --folder build/gpu-quick --device cpu --quick

# Damaged and hostile files, runs that are killed, and programs on one store.
test-damage: test-build $(SMALL)/model.json
	$(CHECK)/fixtures/make_damaged_fixtures.py --output build/damaged --many
	OPENCLIP_DAMAGED_IMAGES=$(CURDIR)/build/damaged $(SWIFT_TEST) --filter DamagedParityTests
	$(CHECK)/check_hostile.py $(WITH_PHOTOS) --model $(SMALL)
	$(CHECK)/check_security.py $(WITH_PHOTOS) --only bombs pages
	$(CHECK)/check_worker.py $(WITH_PHOTOS) --model $(SMALL) --all
	$(CHECK)/check_kill.py $(WITH_PHOTOS) --model $(SMALL) --kills 15
	$(CHECK)/check_kill_commands.py $(WITH_PHOTOS) --model $(SMALL) --kills 20
	$(CHECK)/check_faults.py $(WITH_PHOTOS) --model $(SMALL) --images 12 --most 1 --only embed
	$(CHECK)/check_faults.py $(WITH_PHOTOS) --model $(SMALL) --images 20 --most 1 --harmless
	$(CHECK)/check_power_loss.py $(WITH_PHOTOS) --model $(SMALL) --images 20 --most 3
	$(CHECK)/check_damage.py $(WITH_PHOTOS) --model $(SMALL) --positions 40 --repair-every 8
	$(CHECK)/check_neighbours.py $(WITH_PHOTOS) --model $(SMALL) --rounds 1
	$(CHECK)/check_locks.py $(WITH_PHOTOS) --model $(SMALL) --images 12 --most 1

# Every format of CLIPImageFormats, bit depth, colour type and compression, and Pillow's own test images, against Pillow.
test-formats: test-build
	@PREFIX=$(PREFIX) scripts/setup.sh formats
	$(MAKE) build/pillow
	$(PYTHON_FORMATS) Tools/check_formats.py --output build/formats --images build/pillow/Tests/images
	OPENCLIP_FORMATS=$(CURDIR)/build/formats $(SWIFT_TEST) --filter FormatCorpusTests

# Images, results and vectors in a PostgreSQL server, which is started for that.
test-database: test-build
	$(CHECK)/check_database.py $(WITH_PHOTOS)

# The Python package, and the same images on one machine, on Spark and on Ray, with an executor that is killed.
test-engines: test-build $(PACKAGE) $(SMALL)/model.json
	$(PYTHON_ENGINES) -m ruff check --quiet Python
	$(PYTHON_ENGINES) -m ruff format --quiet --check Python
	cd Python && $(PYTHON_ENGINES) -m mypy
	PYTHONPATH=$(PACKAGE):Python/tests $(PYTHON_ENGINES) -m unittest discover --start-directory Python/tests
	PYTHONPATH=$(PACKAGE) $(PYTHON_ENGINES) Tools/check_engines.py --cli $(CLI) --model $(SMALL)

# Agreement, speed and memory on a GPU. ARGS='--device cpu --quick' tries the check itself on any machine.
check-gpu: build build/photos
	$(CHECK)/check_gpu.py $(WITH_PHOTOS) --folder build/gpu $(ARGS)

# The examples and the articles' code, as a user's packages.
test-consumer: setup
	PYTHON=$(PYTHON_TOOLS) scripts/test-consumer.sh

test-build:
	@PREFIX=$(PREFIX) scripts/build.sh --test $(SWIFT_FLAGS) --build-tests
	@PREFIX=$(PREFIX) scripts/setup.sh onnx
	@$(PYTHON_TOOLS) Tools/fetch_demo_photos.py --output build/photos

# What makes the bundles of tests.
BUNDLE_TOOLS = $(wildcard Tools/openclip_export/*.py) $(shell find Tools/openclip_export/test_configs -name '*.json') \
	Tools/bundle.py Tools/default_model/samples.py Tools/requirements.txt

build/test-models/%/model.json: $(BUNDLE_TOOLS) | test-build
	$(PYTHON_TOOLS) Tools/openclip_export/make_test_models.py --output build/test-models $(patsubst %-int8,%,$*)

# In fp32 and, beside it, in int8.
build/test-models/%-openvino/model.json: $(BUNDLE_TOOLS) Tools/openvino_graphs.py Tools/requirements-onnx.txt \
		Tools/requirements-openvino.txt | test-build
	$(PYTHON_ONNX) Tools/openclip_export/make_test_models.py --engine openvino --output build/test-models $*

# Under sanitizers, Swift, C and the C++ of the wrappers are instrumented; C and C++ are checked for undefined behaviour too, which
# Swift checks by itself.
UNDEFINED = -fsanitize=undefined -fno-sanitize-recover=undefined
ASAN = --scratch-path .build-asan -c release --sanitize=address $(addprefix -Xcc ,$(UNDEFINED))
# The wrappers for programs with sanitizers: $(call sanitized-wrappers,FOLDER,FLAGS,OPTIONS OF CMAKE). libtorch and Arrow have no
# types that vptr could check.
sanitized-wrappers = cmake -S native -B $(1) -G Ninja -Wno-dev --log-level=WARNING -DSANITIZED=ON \
	-DCMAKE_C_FLAGS='$(2)' -DCMAKE_CXX_FLAGS='$(2) -fno-sanitize=vptr' $(3) -DPYTHON=$(PYTHON_TOOLS) \
	-DARROW="$$($(PYTHON_TOOLS) -c 'import pyarrow; print(pyarrow.__path__[0])')" && cmake --build $(1)
ASAN_WRAPPERS = build/native-asan
# Compiled as set-up does, by GCC. All tests but those that measure memory or bring a malloc of their own, without leaks: Python has
# no sanitizer, so one is loaded before it, and Arrow keeps its threads to the end.
test-native-asan: setup
	$(call sanitized-wrappers,$(ASAN_WRAPPERS),-fsanitize=address $(UNDEFINED),--compile-no-warning-as-error \
		-DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++ -DCMAKE_SHARED_LINKER_FLAGS='-static-libasan -static-libubsan' \
		-DLIBTORCH="$${LIBTORCH:-$$($(PYTHON_TOOLS) -c 'import torch; print(torch.__path__[0])')}")
	ln -sfn $(PREFIX)/lib/swift-openclip/drivers $(PREFIX)/lib/swift-openclip/openvino $(ASAN_WRAPPERS)/libparquet-c/swift-openclip
	ln -sfn $(PREFIX)/lib/swift-openclip/openvino $(ASAN_WRAPPERS)/libtorch-c/swift-openclip
	LD_PRELOAD="$$(gcc -print-file-name=libasan.so) $$(gcc -print-file-name=libstdc++.so)" \
		LD_LIBRARY_PATH=$(CURDIR)/$(ASAN_WRAPPERS)/libparquet-c/swift-openclip:$(CURDIR)/$(ASAN_WRAPPERS)/libtorch-c/swift-openclip \
		ARROW_DEFAULT_MEMORY_POOL=system ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 \
		ctest --test-dir $(ASAN_WRAPPERS) --no-tests=error --output-on-failure --exclude-regex 'libtorch-c-(memory|loading)'

# All tests, or some: make test-asan TESTS='CLIPImageTests CLIPHTTPTests' builds only what they need. A process for each module,
# since all tests of a process start at once and would take each other's time.
TESTS = $(notdir $(wildcard Tests/*Tests))
MODELS = $(if $(filter CLIPTorchTests CLIPOpenVINOTests CommandLineTests,$(TESTS)),$(QUANTISED) $(OPENVINO))
WRAPPED = $(filter CLIPArrowTests CLIPDatabaseTests CLIPTorchTests CLIPOpenVINOTests CommandLineTests,$(TESTS))
# Builds and runs the tests: $(call sanitized-tests,FLAGS OF SWIFT,FOLDER OF THE WRAPPERS IF NOT THE INSTALLED ONES)
define sanitized-tests
	OPENCLIP_TESTS='$(TESTS)' swift build $(1) --build-tests
	set -e; for tests in $(TESTS); do \
		OPENCLIP_TESTS='$(TESTS)' OMP_NUM_THREADS=1 PYTHON=$(PYTHON_TOOLS) PREFIX=$(PREFIX) WRAPPERS=$(2) scripts/sanitized.sh \
			swift test $(1) --skip-build --disable-xctest --filter "$$tests" --skip LongRunTests; \
	done
endef
test-asan: setup $(if $(WRAPPED),test-native-asan) $(MODELS)
	$(call sanitized-tests,$(ASAN),$(if $(WRAPPED),$(CURDIR)/$(ASAN_WRAPPERS)))

# Leaks of a long run, and of workers that are used as they should be and as they should not.
ASAN_CLI = .build-asan/release/clip-cli
LEAKS = OMP_NUM_THREADS=1 PREFIX=$(PREFIX) WRAPPERS=$(CURDIR)/$(ASAN_WRAPPERS) scripts/sanitized.sh $(PYTHON_TOOLS)
test-leaks: COUNT = 1000000
test-leaks: test-native-asan build/photos $(SMALL)/model.json
	swift build $(ASAN) --product clip-cli
	$(LEAKS) Tools/check_worker.py --cli $(ASAN_CLI) --photos build/photos
	$(LEAKS) Benchmarks/soak/week.py --cli $(ASAN_CLI) --photos build/photos --bundle $(SMALL) --folder build/week \
		--count $(COUNT) --only-embed

# All tests, or some, in debug builds: the sanitizer does not see the counts of references by which Swift knows that no other
# thread reads an array any more, and would report changes of optimised arrays. Modules that compute for long, and share such arrays
# only to read them, are optimised all the same.
TSAN = --scratch-path .build-tsan --sanitize=thread
TSAN_ARITHMETIC = $(foreach module,CLIPCore CLIPEvaluation CLIPImage CLIPSearch CLIPTokenizers,$(module) $(module)Tests) \
	CLIPTesting TestSupport CNearest CResample
test-tsan: export OPENCLIP_OPTIMISED = $(TSAN_ARITHMETIC)
test-tsan: setup $(MODELS)
	$(call sanitized-tests,$(TSAN))

# The wrappers as PYTORCH=no sets them up, in a temporary folder.
test-without-pytorch: setup
	$(CHECK)/check_without_pytorch.py

# Parsers under libFuzzer, with counters for the lines reached; libparquet-c, too. lld, because gold cannot link libFuzzer's
# debugging information.
FUZZ_BUILD = --scratch-path .build-fuzz -c release -debug-info-format none
FUZZ_SWIFT = -sanitize=fuzzer -profile-generate -profile-coverage-mapping -Xclang-linker -fuse-ld=lld
FUZZ_C = -fsanitize=fuzzer-no-link $(UNDEFINED) -fprofile-instr-generate -fcoverage-mapping
# Arrow was built with other settings.
FUZZ_NATIVE = -fsanitize=address $(FUZZ_C) -fno-sanitize=function
FUZZ_LIBRARIES = build/native-fuzz
# Swift's own, whose sanitizers the program has.
FUZZ_CLANG = $(dir $(realpath $(shell command -v swift)))clang
FUZZ = $(CHECK)/fuzz.py --program .build-fuzz/release/fuzz --folder build/fuzz --libraries $(FUZZ_LIBRARIES)/libparquet-c
MINUTES = 2
fuzz-build: setup
	OPENCLIP_FUZZING=1 swift build $(FUZZ_BUILD) --product fuzz --sanitize=address $(addprefix -Xswiftc ,$(FUZZ_SWIFT)) \
		$(addprefix -Xcc ,$(FUZZ_C)) -Xlinker -lstdc++
	$(call sanitized-wrappers,$(FUZZ_LIBRARIES),$(FUZZ_NATIVE),-DWITH_LIBTORCH_C=OFF -DBUILD_TESTING=OFF \
		-DCMAKE_C_COMPILER=$(FUZZ_CLANG) -DCMAKE_CXX_COMPILER=$(FUZZ_CLANG)++ -DCMAKE_SHARED_LINKER_FLAGS=-fuse-ld=lld)

fuzz: fuzz-build
	$(FUZZ) --minutes $(MINUTES) $(ARGS)

# The lines that the corpora reach, which grow in build/fuzz.
fuzz-coverage: fuzz-build
	$(FUZZ) --minutes 0 --coverage $(ARGS)

# The smallest inputs of the corpora that reach most, for the repository; none may come from files of others.
fuzz-corpus: fuzz-build
	$(FUZZ) --minutes 0 --keep $(ARGS)

# Tokens and pixels of random texts and images, against the references.
fuzz-differential: build
	$(CHECK)/check_differential.py --cli $(CLI) $(ARGS)

docs: setup
	swift build $(SWIFT_FLAGS)
	scripts/build-docs.sh '$(SYMBOLS)' build/docs

# What a release is made of, with versions and licences.
sbom: build
	$(CHECK)/sbom.py --cli $(CLI) --output build/sbom.json

lint:
	git ls-files -z '*.swift' | xargs -0r swift format lint --strict --parallel

format:
	git ls-files -z '*.swift' | xargs -0 swift format --in-place --parallel

benchmark: setup build/photos
	swift run --package-path Benchmarks -c release benchmarks
	$(PYTHON_TOOLS) Tools/benchmark_scoring.py --benchmarks Benchmarks/.build/release/benchmarks --store build/benchmark-store
	$(PYTHON_TOOLS) Tools/benchmark_preprocessing.py --benchmarks Benchmarks/.build/release/benchmarks --photos build/photos
	@PREFIX=$(PREFIX) scripts/setup.sh formats
	$(PYTHON_FORMATS) Tools/benchmark_reading.py --benchmarks Benchmarks/.build/release/benchmarks --photos build/photos
	$(PYTHON_TOOLS) Tools/benchmark_results.py --benchmarks Benchmarks/.build/release/benchmarks
	$(PYTHON_TOOLS) Tools/benchmark_encoders.py
	$(MAKE) benchmark-peers

benchmark-engines: build build/photos $(PACKAGE)
	PYTHONPATH=$(PACKAGE) $(PYTHON_ENGINES) Tools/benchmark_engines.py $(WITH_PHOTOS) $(ARGS)

# The peers' packages are installed for this alone.
benchmark-peers: build build/photos
	@PREFIX=$(PREFIX) scripts/setup.sh benchmark
	$(PYTHON_PEERS) Tools/benchmark_peers.py $(WITH_PHOTOS) --folder build/peers $(ARGS)

soak: build build/photos
	$(PYTHON_TOOLS) Benchmarks/soak/run.py --cli $(CLI) --photos build/photos --folder build/soak --count $(COUNT)

# What a slow machine embeds in a week, through a stub of an encoder.
soak-week: COUNT = 1000000
soak-week: build build/photos $(SMALL)/model.json
	$(PYTHON_TOOLS) Benchmarks/soak/week.py $(WITH_PHOTOS) --bundle $(SMALL) --folder build/week --count $(COUNT)

# The full disk is a file system of its own, and mounting one takes root.
faults: build build/photos $(SMALL)/model.json $(OPENVINO)
	$(PYTHON_TOOLS) Tools/check_kill.py --cli $(CLI) --photos build/photos --kills 100
	$(CHECK)/check_kill_commands.py $(WITH_PHOTOS) --model $(SMALL) --images 24 --kills 1000
	$(CHECK)/check_faults.py $(WITH_PHOTOS) --model $(SMALL) --images 20
	$(CHECK)/check_faults.py $(WITH_PHOTOS) --model $(SMALL) --bundles $(SMALL) $(dir $(OPENVINO)) --images 20
	$(CHECK)/check_power_loss.py $(WITH_PHOTOS) --model $(SMALL) --images 24
	$(CHECK)/check_damage.py $(WITH_PHOTOS) --model $(SMALL) --ends
	$(CHECK)/check_neighbours.py $(WITH_PHOTOS) --model $(SMALL)
	$(CHECK)/check_locks.py $(WITH_PHOTOS) --model $(SMALL) --images 24
	$(PYTHON_TOOLS) Tools/check_full_disk.py --cli $(CLI) --photos build/photos
	$(PYTHON_TOOLS) Tools/check_hostile.py --cli $(CLI) --photos build/photos

# The reference's own test images.
build/pillow: Tools/requirements.txt
	rm -rf build/sources $@
	$(PYTHON_FORMATS) -m pip download --quiet --no-deps --no-binary pillow -c Tools/requirements.txt -d build/sources pillow
	mkdir -p build/sources/unpacked
	tar -xzf build/sources/pillow-*.tar.gz --strip-components 1 -C build/sources/unpacked
	mv build/sources/unpacked $@
	touch $@

$(PACKAGE): Tools/requirements-engines.txt $(wildcard Python/*.toml Python/src/swift_openclip/*.py \
		Python/src/swift_openclip/*/*.py)
	@PREFIX=$(PREFIX) scripts/setup.sh engines
	rm -rf $@
	$(PYTHON_ENGINES) -m pip install --quiet --disable-pip-version-check --no-deps --target $@ ./Python
	touch $@

# The rules of WCAG that a program can test, out of a package that would install a browser, too.
build/axe/axe.min.js: Tools/requirements-page.txt
	rm -rf build/axe
	$(PYTHON_TOOLS) -m pip download --quiet --no-deps -r $< -d build/axe/package
	cd build/axe && $(PYTHON_TOOLS) -m zipfile -e package/*.whl . && mv axe_playwright_python/axe.min.js . && touch axe.min.js

# What samples are compared with; its own requirements name a package that no longer exists.
build/oasis: Tools/requirements-simulate.txt
	rm -rf $@
	$(PYTHON_TOOLS) -m pip install --quiet --no-deps --target $@ -r $<

build/photos:
	$(PYTHON_TOOLS) Tools/fetch_demo_photos.py --output build/photos

clean:
	rm -rf .build .build-asan .build-tsan .build-fuzz build Benchmarks/.build
