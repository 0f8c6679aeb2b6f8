# SPDX-License-Identifier: GPL-2.0-only
#
# One graph builds everything: no make calls another one.
#
#   a variant   is one compiler with one set of options. The plain gcc build
#               lives in build/, every other one in build/<variant>/, so that
#               they never mix and `make test` can hold three of them at once.
#   two worlds  kernel-world sources see common/include as <linux/...>;
#               libc-world sources see the system's headers, and ours only by
#               "quotes". Which world a file is in follows from its folder.
#   pieces      each engine and all of common/kernel + common/api become one
#               relocatable object. An engine keeps one global symbol, and the
#               writable data of the kernel world gets section names of its
#               own, which is how a machine finds the state it must restore.
#
# Read next: `make help`, then tests/README.md.

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

# ---------------------------------------------------------------- variables

# make sets CC to "cc" by itself; anything else was asked for.
ifeq ($(origin CC),default)
CC := gcc## the compiler: gcc or clang
endif
LD := ld
AR := ar
OBJCOPY := objcopy
O := build## folder to build in
SAN :=## address, undefined, address,undefined or thread
DEBUG :=## 1: -O0 -g3, for gdb
HELGRIND :=## 1: tell helgrind (valgrind) what our atomics do
WERROR :=## 1: a warning is an error
V :=## 1: show whole command lines
ARGS :=## for make bench, bench-peers and faults: options of theirs
RUNS := 1000000## for make fuzz: inputs of each target
SECONDS := 0## for make fuzz: seconds for each target, 0: until RUNS are done
T :=## for make test: which tests, e.g. T='queue_cmwq/*'
PREFIX ?= /usr/local## for make install: where it will be used
DESTDIR ?=## for make install: put all that below this folder, to pack it up

comma := ,
empty :=
space := $(empty) $(empty)
yes = $(filter-out 0 n no,$(strip $(1)))

ifneq ($(call yes,$(V)),)
Q :=
say =
else
Q := @
# $(call say,WHAT,FILE,VARIANT)
say = printf '  %-7s %s%s\n' '$(1)' '$(2)' '$(if $(3), [$(3)])';
endif

# ------------------------------------------------------------------ sources

SRC_LEGACY  := $(sort $(wildcard legacy/*.c))
SRC_CMWQ    := $(sort $(wildcard cmwq/*.c))
SRC_KERNEL  := $(sort $(wildcard common/kernel/*.c common/kernel/*/*.c common/api/*.c))
SRC_MACHINE := $(sort $(wildcard common/machine/*.c common/trace/*.c))
# Not to be seen by TSan, see below; memory and the event stream have real threads in mind.
SRC_UNSEEN  := $(filter-out common/machine/arena.c common/trace/%,$(SRC_MACHINE))
SRC_PLAYER  := $(sort $(wildcard labs/wqlab/player*.c))
# Whatever passes choice points, and the headers in which some of them stand.
SRC_STEPS   := $(SRC_LEGACY) $(SRC_CMWQ) $(SRC_KERNEL) $(SRC_MACHINE) $(SRC_PLAYER) \
	       $(sort $(wildcard legacy/*.h cmwq/*.h common/kernel/*.h common/api/*.h common/machine/*.h common/include/*/*.h))
SRC_COMMAND := $(filter-out $(SRC_PLAYER),$(sort $(wildcard labs/wqlab/*.c)))

# Folders of tests/ whose .c files are not bodies of the suite.
NOT_SUITE   := $(addsuffix /%,$(addprefix tests/,harness bench gdb browser cli tree soak fuzz))
SRC_SUITE   := $(filter-out $(NOT_SUITE),$(sort $(wildcard tests/*/*.c))) \
	       tests/harness/selftest.c tests/harness/selftest-libc.c
SRC_BODIES  := $(filter-out %-libc.c,$(SRC_SUITE))
SRC_LIBC    := $(filter %-libc.c,$(SRC_SUITE))
# Bodies for the simulated machine alone: they look at what others write whenever they like.
SRC_PEEKING := $(filter tests/cmwq/% tests/legacy/% tests/machine/% tests/faults/% %/invariants.c,$(SRC_BODIES)) \
	       $(filter-out %/numbers.c %/parallel.c %/parallel_time.c,$(filter tests/services/%,$(SRC_BODIES)))
# The readers of foreign text, and what feeds them (tests/fuzz/fuzz.h).
SRC_FUZZED  := $(filter labs/wqlab/scenario-%.c labs/wqlab/options.c labs/wqlab/util.c,$(SRC_COMMAND))
SRC_LIBFUZZER := $(sort $(wildcard tests/fuzz/libfuzzer*.c))
SRC_FUZZ    := $(filter-out $(SRC_LIBFUZZER),$(sort $(wildcard tests/fuzz/*.c)))
SCRIPTS_test := $(sort $(wildcard tests/cli/*.sh))
SCRIPTS_tree := $(sort $(wildcard tests/tree/*.sh))
SCRIPTS_soak := $(sort $(wildcard tests/soak/*.sh))

# The planted faults, the sources they may be planted in, and those they are.
FAULTS      := $(sort $(wildcard tests/faults/*.fault))
SRC_PLANTED := $(SRC_LEGACY) $(SRC_CMWQ) $(SRC_KERNEL) \
	       $(sort $(wildcard legacy/*.h cmwq/*.h common/kernel/*.h common/api/*.h))
FAULTY      := $(sort $(shell sed -n 's/^--- \([^ ]*\).*/\1/p' $(FAULTS) /dev/null))

SRC_PEERS   := $(sort $(wildcard tests/bench/peer*-libc.c))
SRC_BENCH   := $(filter-out $(SRC_PEERS),$(sort $(wildcard tests/bench/*.c)))

ALL_SOURCES := $(SRC_LEGACY) $(SRC_CMWQ) $(SRC_KERNEL) $(SRC_MACHINE) \
	       $(SRC_PLAYER) $(SRC_COMMAND) $(SRC_SUITE) $(SRC_FUZZ) $(SRC_LIBFUZZER)

# -------------------------------------------------------------------- flags

CFLAGS_ALL    := -std=gnu11 -Wall -Wextra -fPIE -fno-common \
		 -fno-omit-frame-pointer -fno-strict-aliasing -pthread
# Functions that must have the kernel's signature seldom use every parameter.
CFLAGS_KERNEL := -Icommon/include -DWQLAB_KERNEL_WORLD -fwrapv -fno-optimize-sibling-calls \
		 -Wno-unused-parameter
CFLAGS_LIBC   := -iquote common/include -D_GNU_SOURCE
CFLAGS_TESTS  := -iquote tests/harness -iquote .
# An engine is one program cut into chapters: let the compiler join them again.
CFLAGS_WHOLE_gcc := -finline-functions --param max-inline-insns-auto=200 \
		 --param inline-unit-growth=300 --param large-function-growth=500
# What a reading costs is counted, not timed: tests/fuzz/meter.c.
CFLAGS_COUNTED := -fsanitize-coverage=trace-pc
CFLAGS_FUZZED := $(foreach f,malloc calloc reallocarray free,-D$(f)=fuzz_$(f))
CRITERION_CFLAGS :=
CRITERION_LIBS   := -lcriterion

# Read-only tables with addresses in them (.data.rel.ro) are not state.
RENAME := --rename-section .data=wqlab_data \
	  --rename-section .data.rel=wqlab_data \
	  --rename-section .data.rel.local=wqlab_data \
	  --rename-section .bss=wqlab_bss,alloc
# clang's ASan registers the globals of a whole program once, guarded by this
# one word; a copy of it in every piece would register them again.
KEEP_ASAN := --keep-global-symbol=___asan_globals_registered

# ----------------------------------------------------------------- variants
#
# $(call variant-name,CC,SAN,DEBUG)     "" for plain gcc, else e.g. clang-debug
# $(call variant-flags,CC,SAN,DEBUG)    what it adds to CFLAGS_ALL

cc-name = $(notdir $(lastword $(1)))
san-name = $(subst $(space),,$(addprefix -,$(subst $(comma),$(space),$(1))))
variant-name = $(filter-out gcc,$(call cc-name,$(1))$(call san-name,$(2))$(if $(call yes,$(3)),-debug)$(if $(call yes,$(HELGRIND)),-helgrind))
variant-flags = $(strip \
	$(if $(call yes,$(3)),-O0 -g3 $(if $(findstring clang,$(call cc-name,$(1))),-fdebug-macro),$(if $(2),-O1 -g,-O2 -g)) \
	$(if $(2),-fsanitize=$(2)) \
	$(if $(call yes,$(HELGRIND)),-include tests/soak/helgrind.h) \
	$(if $(findstring undefined,$(2)),-fno-sanitize-recover=all) \
	$(if $(call yes,$(WERROR)),-Werror))

# The rules of one variant.
#   $(1) its folder   $(2) its compiler   $(3) its flags   $(4) its name
define variant-rules

$(1)/.flags: FORCE
	@command -v $(firstword $(2)) >/dev/null || { \
	  echo "wqlab: the compiler '$(firstword $(2))' is not installed (on Debian: apt-get install $(call cc-name,$(2)))." >&2; exit 1; }
	@command -v $(firstword $(LD)) >/dev/null && command -v $(firstword $(OBJCOPY)) >/dev/null || { \
	  echo "wqlab: ld and objcopy are not installed (on Debian: apt-get install binutils)." >&2; exit 1; }
	@echo '#include <stdio.h>' | $(2) -E - >/dev/null 2>&1 || { \
	  echo "wqlab: the C library's headers are not installed (on Debian: apt-get install libc6-dev)." >&2; exit 1; }
	@mkdir -p $$(@D)
	@{ $(2) --version | head -n 1; echo '$(CFLAGS_ALL) $(3)'; \
	   echo '$(CFLAGS_KERNEL) $(CFLAGS_WHOLE_$(call cc-name,$(2)))'; echo '$(CFLAGS_LIBC)'; echo '$(CFLAGS_FUZZED) $(CFLAGS_COUNTED)'; echo '$(RENAME)'; } > $$@.new
	@cmp -s $$@.new $$@ && rm -f $$@.new || mv -f $$@.new $$@

# A file that came or went must rebuild what is made of the whole folder.
$(1)/.sources: FORCE
	@mkdir -p $$(@D)
	@echo '$(ALL_SOURCES) $(SCRIPTS_test) $(SCRIPTS_tree) $(SCRIPTS_soak)' | cmp -s - $$@ || \
	  echo '$(ALL_SOURCES) $(SCRIPTS_test) $(SCRIPTS_tree) $(SCRIPTS_soak)' > $$@

# What a schedule that was written down fits: everything that takes steps.
$(1)/source-id.h: FORCE
	@mkdir -p $$(@D)
	@cat $(SRC_STEPS) | cksum | { read -r sum rest; printf '#define SOURCE_ID "%08x"\n' "$$$$sum"; } > $$@.new
	@cmp -s $$@.new $$@ && rm -f $$@.new || mv -f $$@.new $$@
$(1)/labs/wqlab/replay-string.o: $(1)/source-id.h

$(1)/%.o: %.c $(1)/.flags
	@mkdir -p $$(@D)
	$(Q)$$(call say,CC,$$*.o,$(4))$(2) $(CFLAGS_ALL) $(3) $$(WORLD) -MMD -MP -c $$< -o $$@

$(SRC_LEGACY:%.c=$(1)/%.o) $(SRC_CMWQ:%.c=$(1)/%.o): \
	WORLD = $(CFLAGS_KERNEL) -fvisibility=hidden
$(SRC_KERNEL:%.c=$(1)/%.o) $(SRC_PLAYER:%.c=$(1)/%.o): WORLD = $(CFLAGS_KERNEL)
$(SRC_MACHINE:%.c=$(1)/%.o) $(SRC_COMMAND:%.c=$(1)/%.o): WORLD = $(CFLAGS_LIBC)
$(1)/labs/wqlab/replay-string.o: WORLD = $(CFLAGS_LIBC) -include $(1)/source-id.h
$(SRC_BODIES:%.c=$(1)/%.o): WORLD = $(CFLAGS_KERNEL) $(CFLAGS_TESTS)
$(patsubst %.c,$(1)/%.o,$(filter-out %-libc.c,$(SRC_BENCH))): WORLD = $(CFLAGS_KERNEL) $(CFLAGS_TESTS)
$(patsubst %.c,$(1)/%.o,$(filter %-libc.c,$(SRC_BENCH) $(SRC_PEERS))): \
	WORLD = $(CFLAGS_LIBC) $(CFLAGS_TESTS) $$(PEER_CFLAGS)
$(SRC_LIBC:%.c=$(1)/%.o) $(addprefix $(1)/tests/harness/,wqtest.o explore.o script.o twin.o twin-main.o faulty.o faulty-table.o) $(1)/faults/table.o: \
	WORLD = $(CFLAGS_LIBC) $(CFLAGS_TESTS)
# A hand-over between carriers must not look like synchronisation to TSan, and what
# the machine keeps is guarded by the hand-over alone: TSan is not to look at it.
# (WQLAB_RACES: wqlab/race.h, by which it is told so where the C library reports to it.)
$(SRC_UNSEEN:%.c=$(1)/%.o): \
	WORLD = $(CFLAGS_LIBC) $(if $(findstring thread,$(3)),-fno-sanitize=thread -DWQLAB_RACES)
$(SRC_PEEKING:%.c=$(1)/%.o): \
	WORLD = $(CFLAGS_KERNEL) $(CFLAGS_TESTS) $(if $(findstring thread,$(3)),-fno-sanitize=thread)

# An engine's chapters, compiled as one: its functions call each other all the time,
# and a call into another chapter is to cost no more than one within. For gdb (-O0)
# each chapter is compiled by itself.
$(1)/whole/%.c: $(1)/.sources
	@mkdir -p $$(@D)
	@printf '#include "%s"\n' $$(sort $$(wildcard $$*/*.c)) > $$@
$(1)/whole/%.o: $(1)/whole/%.c $(1)/.flags
	$(Q)$$(call say,CC,$$*/*.c,$(4))$(2) $(CFLAGS_ALL) $(3) $(CFLAGS_WHOLE_$(call cc-name,$(2))) $(CFLAGS_KERNEL) -fvisibility=hidden -iquote . -fmacro-prefix-map=./= -MMD -MP -c $$< -o $$@

# The relocatable pieces. The text before the name is what objcopy adds.
$(1)/legacy.o: PIECE = --keep-global-symbol=legacy_engine $(KEEP_ASAN)
$(1)/cmwq.o: PIECE = --keep-global-symbol=cmwq_engine $(KEEP_ASAN)
$(1)/legacy.o: $(if $(findstring -O0,$(3)),$(SRC_LEGACY:%.c=$(1)/%.o),$(1)/whole/legacy.o)
$(1)/cmwq.o: $(if $(findstring -O0,$(3)),$(SRC_CMWQ:%.c=$(1)/%.o),$(1)/whole/cmwq.o)
$(1)/kernel.o: $(SRC_KERNEL:%.c=$(1)/%.o)
$(1)/player.o: $(SRC_PLAYER:%.c=$(1)/%.o)
$(1)/tests/bodies.o: $(SRC_BODIES:%.c=$(1)/%.o)
$(1)/tests/bench/bodies.o: $(patsubst %.c,$(1)/%.o,$(filter-out %-libc.c,$(SRC_BENCH)))
$(addprefix $(1)/,legacy.o cmwq.o kernel.o player.o tests/bodies.o tests/bench/bodies.o): $(1)/.sources
	@mkdir -p $$(@D)
	$(Q)$$(call say,LD -r,$$(@:$(1)/%=%),$(4))$(LD) -r -o $$@.tmp $$(filter %.o,$$^)
	$(Q)$(OBJCOPY) $(RENAME) $$(PIECE) $$@.tmp $$@ && rm -f $$@.tmp

$(1)/libwqlab.a: $(SRC_MACHINE:%.c=$(1)/%.o) $(1)/kernel.o $(1)/legacy.o $(1)/cmwq.o $(1)/.sources
	$(Q)$$(call say,AR,libwqlab.a,$(4))rm -f $$@ && $(AR) rcs $$@ $$(filter %.o,$$^)

$(1)/wqlab: $(SRC_COMMAND:%.c=$(1)/%.o) $(if $(SRC_PLAYER),$(1)/player.o) $(1)/libwqlab.a
	$(Q)$$(call say,LD,wqlab,$(4))$(2) $(3) -pie -pthread -o $$@ $$(filter %.o %.a,$$^)

# The fuzz: the readers compiled once more, counting.  libFuzzer has a counter of
# its own, and is not to explore the harness.
$(SRC_FUZZ:%.c=$(1)/%.o) $(SRC_LIBFUZZER:%.c=$(1)/%.o): \
	WORLD = $(CFLAGS_LIBC) $(CFLAGS_TESTS) $(if $(findstring fuzzer,$(3)),-fno-sanitize=fuzzer-no-link)
$(1)/tests/fuzzed/%.o: %.c $(1)/.flags
	@mkdir -p $$(@D)
	$(Q)$$(call say,CC,tests/fuzzed/$$*.o,$(4))$(2) $(CFLAGS_ALL) $(3) $(CFLAGS_LIBC) $(CFLAGS_FUZZED) $(if $(findstring fuzzer,$(3)),,$(CFLAGS_COUNTED)) -MMD -MP -c $$< -o $$@
$(1)/tests/wqfuzz: FUZZ_LINK =
$(1)/tests/wqfuzz: $(1)/tests/fuzz/main.o
$(1)/tests/fuzz-scenario $(1)/tests/fuzz-options: FUZZ_LINK = -fsanitize=fuzzer
$(1)/tests/fuzz-scenario: $(1)/tests/fuzz/libfuzzer-scenario.o $(1)/tests/fuzz/libfuzzer.o
$(1)/tests/fuzz-options: $(1)/tests/fuzz/libfuzzer-options.o $(1)/tests/fuzz/libfuzzer.o
$(addprefix $(1)/tests/,wqfuzz fuzz-scenario fuzz-options): $(1)/.sources \
		$(patsubst %.c,$(1)/%.o,$(filter-out %/main.c,$(SRC_FUZZ))) $(SRC_FUZZED:%.c=$(1)/tests/fuzzed/%.o)
	$(Q)$$(call say,LD,$$(@:$(1)/%=%),$(4))$(2) $(3) $$(FUZZ_LINK) -pie -pthread -o $$@ $$(filter %.o,$$^)

# The suite: once as Criterion's (the short list and the long one), once with a
# main() of its own. All three hold the same bodies. What looks at the sources
# and not at what was built (tests/tree) belongs to the plain variant.
$(1)/tests/shim-%.c: tests/harness/mkshim.sh $(SRC_SUITE) $(SCRIPTS_test) $(SCRIPTS_tree) $(SCRIPTS_soak) $(1)/.sources
	@mkdir -p $$(@D)
	$(Q)$$(call say,GEN,tests/shim-$$*.c,$(4))sh tests/harness/mkshim.sh $$* \
	  $(SRC_SUITE) $$(SCRIPTS_$$*) $(if $(4),,$$(if $$(filter test,$$*),$$(SCRIPTS_tree))) > $$@

$(1)/tests/shim-%.o: $(1)/tests/shim-%.c $(1)/.flags | criterion
	$(Q)$$(call say,CC,tests/shim-$$*.o,$(4))$(2) $(CFLAGS_ALL) $(3) $(CFLAGS_LIBC) $(CFLAGS_TESTS) $(CRITERION_CFLAGS) -MMD -MP -c $$< -o $$@

$(1)/tests/wqtests: $(1)/tests/shim-test.o
$(1)/tests/wqsoak: $(1)/tests/shim-soak.o
$(1)/tests/wqtwin: $(1)/tests/harness/twin-main.o $(1)/tests/harness/twin.o
# tests/cli/explore.sh has it search the contract suite; tests/cli/faults.sh is for this build alone.
$(if $(4),,$(1)/tests/wqtests: | $(1)/tests/wqfaulty)
$(1)/tests/wqtests: | $(1)/tests/wqtwin
$(1)/tests/wqtests $(1)/tests/wqsoak: $(1)/tests/harness/script.o
$(1)/tests/wqtests $(1)/tests/wqsoak: LIBS = $(CRITERION_LIBS)
$(addprefix $(1)/tests/,wqtests wqsoak wqtwin): $(1)/tests/harness/wqtest.o $(1)/tests/harness/explore.o \
		$(1)/tests/bodies.o $(SRC_LIBC:%.c=$(1)/%.o) \
		$(patsubst %.c,$(1)/%.o,$(filter-out %/main.c,$(SRC_COMMAND))) \
		$(if $(SRC_PLAYER),$(1)/player.o) $(1)/libwqlab.a | $(1)/wqlab $(1)/tests/wqfuzz
	$(Q)$$(call say,LD,$$(@:$(1)/%=%),$(4))$(2) $(3) -pie -pthread -o $$@ $$(filter %.o,$$^) $(1)/libwqlab.a $$(LIBS)
	@$$(if $$(filter %/wqtwin,$$@),$$@ -l | wc -l,sed -n 's,^/\* tests: \([0-9]*\) \*/$$$$,\1,p' \
	  $$(patsubst %.o,%.c,$$(filter %/shim-test.o %/shim-soak.o,$$^))) > $$@.count

# The suite over planted faults (tests/faults/README.md): copies of the engines and of
# the kernel services with every fault in them, behind one switch.
$(1)/faults/.planted: tests/harness/plant.awk $(FAULTS) $(SRC_PLANTED) $(1)/.sources
	@mkdir -p $$(addprefix $(1)/faults/src/,$$(sort $$(dir $(SRC_PLANTED))))
	$(Q)$$(call say,PLANT,tests/faults/*.fault,$(4))awk -f tests/harness/plant.awk -v out=$(1)/faults $(FAULTS) $(SRC_PLANTED)
	@touch $$@
$(1)/faults/table.c $(SRC_PLANTED:%=$(1)/faults/src/%): $(1)/faults/.planted ;
$(1)/faults/%.o: $(1)/faults/%.c $(1)/.flags
	$(Q)$$(call say,CC,faults/$$*.o,$(4))$(2) $(CFLAGS_ALL) $(3) $$(WORLD) -MMD -MP -c $$< -o $$@
$(1)/faults/whole-%.c: $(1)/faults/.planted
	@printf '#include "%s"\n' $$(sort $$(wildcard $$*/*.c)) > $$@
$(1)/faults/whole-%.o: $(1)/faults/whole-%.c $(1)/.flags
	$(Q)$$(call say,CC,faults/$$*/*.c,$(4))$(2) $(CFLAGS_ALL) $(3) $(CFLAGS_WHOLE_$(call cc-name,$(2))) $(CFLAGS_KERNEL) -fvisibility=hidden -iquote $(1)/faults/src -MMD -MP -c $$< -o $$@
$(SRC_KERNEL:%.c=$(1)/faults/src/%.o): WORLD = $(CFLAGS_KERNEL)
$(1)/faults/legacy.o: PIECE = --keep-global-symbol=legacy_engine $(KEEP_ASAN)
$(1)/faults/cmwq.o: PIECE = --keep-global-symbol=cmwq_engine $(KEEP_ASAN)
$(1)/faults/legacy.o: $(1)/faults/whole-legacy.o
$(1)/faults/cmwq.o: $(1)/faults/whole-cmwq.o
$(1)/faults/kernel.o: $(patsubst %.c,$(1)/faults/src/%.o,$(filter $(FAULTY),$(SRC_KERNEL))) \
		$(patsubst %.c,$(1)/%.o,$(filter-out $(FAULTY),$(SRC_KERNEL)))
$(addprefix $(1)/faults/,legacy.o cmwq.o kernel.o):
	$(Q)$$(call say,LD -r,$$(@:$(1)/%=%),$(4))$(LD) -r -o $$@.tmp $$(filter %.o,$$^)
	$(Q)$(OBJCOPY) $(RENAME) $$(PIECE) $$@.tmp $$@ && rm -f $$@.tmp
$(1)/tests/wqfaulty: $(addprefix $(1)/tests/harness/,faulty.o faulty-table.o twin.o wqtest.o explore.o) $(1)/faults/table.o \
		$(1)/tests/bodies.o $(SRC_LIBC:%.c=$(1)/%.o) \
		$(patsubst %.c,$(1)/%.o,$(filter-out %/main.c,$(SRC_COMMAND))) $(if $(SRC_PLAYER),$(1)/player.o) \
		$(addprefix $(1)/faults/,kernel.o legacy.o cmwq.o) $(SRC_MACHINE:%.c=$(1)/%.o)
	$(Q)$$(call say,LD,$$(@:$(1)/%=%),$(4))$(2) $(3) -pie -pthread -o $$@ $$(filter %.o,$$^)

# The benchmark, alone and beside the libraries that are installed.
$(1)/tests/wqbench $(1)/tests/wqpeers: $(patsubst %.c,$(1)/%.o,$(filter %-libc.c,$(SRC_BENCH))) \
		$(1)/tests/bench/bodies.o $(patsubst %.c,$(1)/%.o,$(filter-out %/main.c,$(SRC_COMMAND))) \
		$(if $(SRC_PLAYER),$(1)/player.o) $(1)/libwqlab.a
	$(Q)$$(call say,LD,$$(@:$(1)/%=%),$(4))$$(or $$(LINKER),$(2)) $(3) -pie -pthread -o $$@ $$(filter %.o,$$^) $(1)/libwqlab.a $$(LIBS)

.SECONDARY: $(1)/faults/whole-legacy.c $(1)/faults/whole-cmwq.c $(1)/whole/legacy.c $(1)/whole/cmwq.c $(1)/tests/shim-test.c $(1)/tests/shim-soak.c

-include $(ALL_SOURCES:%.c=$(1)/%.d) $(patsubst %.c,$(1)/%.d,$(SRC_BENCH) $(SRC_PEERS)) $(1)/tests/bench/peer-tbb-libc.d $(SRC_FUZZED:%.c=$(1)/tests/fuzzed/%.d) $(wildcard $(1)/whole/*.d $(1)/faults/*.d $(1)/faults/src/*/*/*.d $(1)/tests/harness/*.d $(1)/tests/shim-*.d)
endef

# $(call use-variant,CC,SAN,DEBUG) makes its rules; $(call folder,...) is where.
folder = $(O)$(addprefix /,$(call variant-name,$(1),$(2),$(3)))
use-variant = $(eval $(call variant-rules,$(call folder,$(1),$(2),$(3)),$(1),$(call variant-flags,$(1),$(2),$(3)),$(call variant-name,$(1),$(2),$(3))))

B := $(call folder,$(CC),$(SAN),$(DEBUG))
$(call use-variant,$(CC),$(SAN),$(DEBUG))

# The tests run in other variants too, unless one was asked for or T= picks
# among them. TSan and Criterion do not go together: there the twin runs.
TEST_DIRS :=
ifneq ($(filter test soak,$(MAKECMDGOALS)),)
ifeq ($(B)$(T),$(O))
$(call use-variant,$(CC),address$(comma)undefined)
TEST_DIRS += $(call folder,$(CC),address$(comma)undefined)
ifneq ($(shell command -v clang),)
$(call use-variant,clang)
TEST_DIRS += $(call folder,clang)
endif
# The twin under ThreadSanitizer: clang's, which is the faster; in the long runs gcc's too.
TSAN_CCS := $(firstword $(shell command -v clang > /dev/null && echo clang) $(CC))
TSAN_CCS += $(if $(filter soak,$(MAKECMDGOALS)),$(filter-out $(TSAN_CCS),$(CC)))
$(foreach c,$(TSAN_CCS),$(call use-variant,$(c),thread))
TEST_DIRS += $(foreach c,$(TSAN_CCS),$(call folder,$(c),thread))
endif
endif
# libFuzzer is clang's; which code an input reaches is only noted in this variant.
FUZZ_CC := $(if $(findstring clang,$(CC)),$(CC),clang)
FUZZ_SAN := fuzzer-no-link$(comma)address$(comma)undefined
FUZZ_DIR := $(call folder,$(FUZZ_CC),$(FUZZ_SAN))
ifneq ($(filter fuzz,$(MAKECMDGOALS)),)
$(call use-variant,$(FUZZ_CC),$(FUZZ_SAN))
$(FUZZ_DIR)/tests/fuzz-scenario $(FUZZ_DIR)/tests/fuzz-options: | libfuzzer
endif
suite-binary = $(1)/tests/$(if $(findstring -thread,$(1)),wqtwin,$(2))
TEST_BINARIES := $(foreach d,$(TEST_DIRS) $(B),$(call suite-binary,$(d),wqtests))
SOAK_BINARIES := $(addsuffix /tests/wqsoak,$(filter-out %-thread,$(TEST_DIRS) $(B)))
SOAK_TWINS := $(addsuffix /tests/wqtwin,$(TEST_DIRS) $(B))
RUN_TESTS = @sh tests/harness/run.sh $(if $(T),-f '$(T)')

# The libraries that make bench-peers measures beside us; which of them there are.
# $(call add-peer,NAME,PACKAGE OF pkg-config)
PEERS :=
define add-peer
ifeq ($$(shell pkg-config --exists $(2) 2>/dev/null && echo yes),yes)
PEERS += $(1)
$(B)/tests/bench/peer-$(1)-libc.o: PEER_CFLAGS = $$(shell pkg-config --cflags $(2))
$(B)/tests/wqpeers: $(B)/tests/bench/peer-$(1)-libc.o
$(B)/tests/wqpeers: LIBS += $$(shell pkg-config --libs $(2))
endif
endef
ifneq ($(filter bench-peers,$(MAKECMDGOALS)),)
$(eval $(call add-peer,glib,glib-2.0))
$(eval $(call add-peer,uv,libuv))
CXX := $(if $(findstring clang,$(CC)),clang++,g++)
ifneq ($(shell command -v $(CXX)),)
$(eval $(call add-peer,tbb,tbb))
endif
endif
ifneq ($(filter tbb,$(PEERS)),)
$(B)/tests/wqpeers: LINKER = $(CXX)
endif
$(B)/tests/wqpeers: $(B)/tests/bench/peers-libc.o $(B)/tests/bench/.peers
$(B)/tests/bench/peer-tbb-libc.o: tests/bench/peer-tbb.cpp $(B)/.flags
	$(Q)$(call say,CXX,tests/bench/peer-tbb,)$(CXX) -std=c++17 -O2 -g -Wall -Wextra -fPIE -pthread $(CFLAGS_LIBC) $(PEER_CFLAGS) -MMD -MP -c $< -o $@
$(B)/tests/bench/.peers: FORCE
	@mkdir -p $(@D)
	@echo '$(PEERS)' | cmp -s - $@ || echo '$(PEERS)' > $@

# ------------------------------------------------------------------ targets

.PHONY: all demo test soak faults bench bench-peers thread-table docs install uninstall check-layering install-test-deps criterion clean help FORCE

all: $(B)/libwqlab.a $(B)/wqlab ## the library and the wqlab command (the default)
	@echo "Built: $(B)/wqlab and $(B)/libwqlab.a"

demo: $(B)/wqlab ## play the guided tour
	@$(B)/wqlab tour

test: $(TEST_BINARIES) ## the suite, under 10 minutes (T='suite*/name*' picks tests)
	$(RUN_TESTS) $(TEST_BINARIES)

soak: $(TEST_BINARIES) $(SOAK_BINARIES) $(SOAK_TWINS) ## the long runs: everything in `make test` and more
	$(RUN_TESTS) -t 36000 $(TEST_BINARIES) $(SOAK_BINARIES)

bench: $(B)/tests/wqbench ## how fast it is (ARGS='--quick' for short, ARGS=--help)
	@$(B)/tests/wqbench $(ARGS)

bench-peers: $(B)/tests/wqpeers ## the same beside GLib, libuv and TBB, those that are installed
	@$(B)/tests/wqpeers $(ARGS)

faults: $(B)/tests/wqfaulty ## plant fault after fault, and see what notices it (ARGS='-v legacy-*')
	@$(B)/tests/wqfaulty -j $$(nproc) $(ARGS)

fuzz: $(FUZZ_DIR)/tests/fuzz-scenario $(FUZZ_DIR)/tests/fuzz-options ## libFuzzer (clang) on scenarios and command lines (RUNS=, SECONDS=)
	@sh tests/fuzz/run.sh $(FUZZ_DIR) '$(RUNS)' '$(SECONDS)'

thread-table: $(B)/wqlab ## boot 4 to 4,096 CPUs and put the figures into docs/threads.md
	@sh docs/threads.sh $(B)/wqlab > $(B)/threads.rows
	@awk 'FNR == NR { row[$$2] = $$0; next } /^\| [0-9]/ && ($$2 in row) { print row[$$2]; next } { print }' \
	  $(B)/threads.rows docs/threads.md > $(B)/threads.md && cp $(B)/threads.md docs/threads.md
	@git --no-pager diff --stat -- docs/threads.md 2>/dev/null || :

docs: ## the pages, with Doxygen, in build/docs (a warning is an error)
	@sh docs/build.sh $(O)/docs

# What goes where. The kernel's face stands in a folder of its own, for in
# include/linux it would take the place of the system's. docs/library.md tells
# how it is used; the bin, lib, ... folders may be set one by one.
INSTALL := install
bindir = $(PREFIX)/bin
libdir = $(PREFIX)/lib
includedir = $(PREFIX)/include
datadir = $(PREFIX)/share
PC_DIR = $(libdir)/pkgconfig
HEADERS = $(sort $(wildcard common/include/*/*.h))
HEADER_DIRS = $(addprefix $(includedir)/wqlab/,$(sort $(notdir $(patsubst %/,%,$(dir $(HEADERS))))))
SCENARIOS = $(sort $(wildcard labs/scenarios/*.wq labs/scenarios/*/*.wq))
INSTALLED = $(bindir)/wqlab $(libdir)/libwqlab.a $(PC_DIR)/wqlab.pc \
	    $(HEADERS:common/include/%=$(includedir)/wqlab/%) \
	    $(SCENARIOS:labs/scenarios/%=$(datadir)/wqlab/scenarios/%)
SCENARIO_DIRS = $(addprefix $(datadir)/wqlab/scenarios/,$(sort $(notdir $(patsubst %/,%,$(dir \
	$(wildcard labs/scenarios/*/*.wq))))))
# Ours alone, the inner ones first: they go when nothing is left in them.
INSTALLED_DIRS = $(HEADER_DIRS) $(includedir)/wqlab $(SCENARIO_DIRS) $(datadir)/wqlab/scenarios \
		 $(datadir)/wqlab

# wqlab.pc finds its prefix from where it lies, if it lies below it: lib/pkgconfig is ../..
pc-up = $(subst $(space),/,$(patsubst %,..,$(subst /,$(space),$(PC_DIR:$(PREFIX)/%=%))))
pc-prefix = $(if $(filter $(PREFIX)/%,$(PC_DIR)),$${pcfiledir}/$(pc-up),$(PREFIX))
pc-path = $(patsubst $(PREFIX)/%,$${prefix}/%,$(1))
PC_FLAGS = $(filter -fno-strict-aliasing -fwrapv -fno-optimize-sibling-calls -Wno-unused-parameter,$(CFLAGS_ALL) $(CFLAGS_KERNEL)) \
	   $(addprefix -fsanitize=,$(SAN))
PC_SED = -e 's|@prefix@|$(pc-prefix)|' \
	 -e 's|@libdir@|$(call pc-path,$(libdir))|' \
	 -e 's|@includedir@|$(call pc-path,$(includedir))|' \
	 -e 's|@datadir@|$(call pc-path,$(datadir))|' \
	 -e 's|@flags@|$(strip $(PC_FLAGS))|' \
	 -e 's|@san@|$(addprefix -fsanitize=,$(SAN))|' \
	 -e 's|@rename@|$(strip $(RENAME))|' \
	 -e "s|@version@|$$(sed -n 's/^\#define VERSION \"\(.*\)\"$$/\1/p' labs/wqlab/main.c)|"

# These paths get into lists and into wqlab.pc; DESTDIR does not and may be any.
check-path = $(if $(and $(filter 1,$(words $($(1)))),$(filter /%,$($(1)))),,$(error $(1)="$($(1))": \
	 wanted is a path that begins with a slash and has no blank in it))
ifneq ($(filter install uninstall,$(MAKECMDGOALS)),)
$(foreach v,PREFIX bindir libdir includedir datadir,$(call check-path,$(v)))
endif
to = '$(DESTDIR)$(1)'

install: $(B)/libwqlab.a $(B)/wqlab ## the command, the library and its headers into PREFIX
	$(Q)$(INSTALL) -d $(foreach d,$(bindir) $(PC_DIR) $(INSTALLED_DIRS),$(call to,$(d)))
	$(Q)$(INSTALL) -m 755 $(B)/wqlab $(call to,$(bindir)/wqlab)
	$(Q)$(INSTALL) -m 644 $(B)/libwqlab.a $(call to,$(libdir)/libwqlab.a)
	$(Q)$(foreach d,$(notdir $(HEADER_DIRS)),$(INSTALL) -m 644 $(filter common/include/$(d)/%,$(HEADERS)) \
	  $(call to,$(includedir)/wqlab/$(d)) &&) :
	$(Q)$(INSTALL) -m 644 $(wildcard labs/scenarios/*.wq) $(call to,$(datadir)/wqlab/scenarios)
	$(Q)$(foreach d,$(notdir $(SCENARIO_DIRS)),$(INSTALL) -m 644 $(wildcard labs/scenarios/$(d)/*.wq) \
	  $(call to,$(datadir)/wqlab/scenarios/$(d)) &&) :
	$(Q)sed $(PC_SED) common/wqlab.pc.in | $(INSTALL) -m 644 /dev/stdin $(call to,$(PC_DIR)/wqlab.pc)
	@echo 'Installed: $(DESTDIR)$(bindir)/wqlab, libwqlab.a, its headers, wqlab.pc and the scenarios'

uninstall: ## take away what make install put there
	$(Q)rm -f $(foreach f,$(INSTALLED),$(call to,$(f)))
	$(Q)$(foreach d,$(INSTALLED_DIRS),{ ! test -d $(call to,$(d)) || rmdir --ignore-fail-on-non-empty $(call to,$(d)); } &&) :

check-layering: ## who may include whom, and the first line of each file
	@sh tests/layering.sh

install-test-deps: ## install Criterion if it is not there (Debian; root or sudo)
	@sh tests/harness/install-deps.sh $(CC)

# What the suite's binaries wait for: installed if it is missing, no word if it is there.
criterion:
	@sh tests/harness/install-deps.sh -q $(CC)

# Of a missing compiler, the variant speaks.
libfuzzer:
	@command -v $(firstword $(FUZZ_CC)) >/dev/null || exit 0; \
	echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' | \
	$(FUZZ_CC) -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null || { \
	  echo "wqlab: libFuzzer is not installed for $(FUZZ_CC) (on Debian 12: apt-get install libclang-rt-14-dev)." >&2; exit 1; }

clean: ## remove everything that was built, all variants
	rm -rf $(O)

help: ## this list
	@echo "Targets:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile
	@echo "Variables:"
	@awk -F ' *[:?]=.*## ' '/^[A-Z]+ *[:?]=.*## / { printf "  %-23s %s\n", $$1, $$2 }' Makefile
	@echo "Plain gcc builds into build/, every other choice into build/<compiler>-<options>/."
