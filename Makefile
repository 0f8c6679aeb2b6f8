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
SAN :=## address, undefined or address,undefined
DEBUG :=## 1: -O0 -g3, for gdb
WERROR :=## 1: a warning is an error
V :=## 1: show whole command lines
T :=## for make test: which tests, e.g. T='queue_cmwq/*'

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
SRC_PLAYER  := $(sort $(wildcard labs/wqlab/player*.c))
SRC_COMMAND := $(filter-out $(SRC_PLAYER),$(sort $(wildcard labs/wqlab/*.c)))

# Folders of tests/ whose .c files are not bodies of the suite.
NOT_SUITE   := $(addsuffix /%,$(addprefix tests/,harness bench gdb browser cli tree soak))
SRC_SUITE   := $(filter-out $(NOT_SUITE),$(sort $(wildcard tests/*/*.c))) \
	       tests/harness/selftest.c tests/harness/selftest-libc.c
SRC_BODIES  := $(filter-out %-libc.c,$(SRC_SUITE))
SRC_LIBC    := $(filter %-libc.c,$(SRC_SUITE))
SCRIPTS_test := $(sort $(wildcard tests/cli/*.sh))
SCRIPTS_tree := $(sort $(wildcard tests/tree/*.sh))
SCRIPTS_soak := $(sort $(wildcard tests/soak/*.sh))

ALL_SOURCES := $(SRC_LEGACY) $(SRC_CMWQ) $(SRC_KERNEL) $(SRC_MACHINE) \
	       $(SRC_PLAYER) $(SRC_COMMAND) $(SRC_SUITE)

# -------------------------------------------------------------------- flags

CFLAGS_ALL    := -std=gnu11 -Wall -Wextra -fPIE -fno-common \
		 -fno-omit-frame-pointer -fno-strict-aliasing -pthread
# Functions that must have the kernel's signature seldom use every parameter.
CFLAGS_KERNEL := -Icommon/include -DWQLAB_KERNEL_WORLD -fwrapv -fno-optimize-sibling-calls \
		 -Wno-unused-parameter
CFLAGS_LIBC   := -iquote common/include -D_GNU_SOURCE
CFLAGS_TESTS  := -iquote tests/harness -iquote .
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
variant-name = $(filter-out gcc,$(call cc-name,$(1))$(call san-name,$(2))$(if $(call yes,$(3)),-debug))
variant-flags = $(strip \
	$(if $(call yes,$(3)),-O0 -g3 $(if $(findstring clang,$(call cc-name,$(1))),-fdebug-macro),$(if $(2),-O1 -g,-O2 -g)) \
	$(if $(2),-fsanitize=$(2)) \
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
	   echo '$(CFLAGS_KERNEL)'; echo '$(CFLAGS_LIBC)'; echo '$(RENAME)'; } > $$@.new
	@cmp -s $$@.new $$@ && rm -f $$@.new || mv -f $$@.new $$@

# A file that came or went must rebuild what is made of the whole folder.
$(1)/.sources: FORCE
	@mkdir -p $$(@D)
	@echo '$(ALL_SOURCES) $(SCRIPTS_test) $(SCRIPTS_tree) $(SCRIPTS_soak)' | cmp -s - $$@ || \
	  echo '$(ALL_SOURCES) $(SCRIPTS_test) $(SCRIPTS_tree) $(SCRIPTS_soak)' > $$@

$(1)/%.o: %.c $(1)/.flags
	@mkdir -p $$(@D)
	$(Q)$$(call say,CC,$$*.o,$(4))$(2) $(CFLAGS_ALL) $(3) $$(WORLD) -MMD -MP -c $$< -o $$@

$(SRC_LEGACY:%.c=$(1)/%.o) $(SRC_CMWQ:%.c=$(1)/%.o): \
	WORLD = $(CFLAGS_KERNEL) -fvisibility=hidden
$(SRC_KERNEL:%.c=$(1)/%.o) $(SRC_PLAYER:%.c=$(1)/%.o): WORLD = $(CFLAGS_KERNEL)
$(SRC_MACHINE:%.c=$(1)/%.o) $(SRC_COMMAND:%.c=$(1)/%.o): WORLD = $(CFLAGS_LIBC)
$(SRC_BODIES:%.c=$(1)/%.o): WORLD = $(CFLAGS_KERNEL) $(CFLAGS_TESTS)
$(SRC_LIBC:%.c=$(1)/%.o) $(addprefix $(1)/tests/harness/,wqtest.o script.o twin.o): \
	WORLD = $(CFLAGS_LIBC) $(CFLAGS_TESTS)
# A hand-over between carriers must not look like synchronisation to TSan, and what
# the machine keeps is guarded by the hand-over alone: TSan is not to look at it.
$(SRC_MACHINE:%.c=$(1)/%.o): \
	WORLD = $(CFLAGS_LIBC) $(if $(findstring thread,$(3)),-fno-sanitize=thread)

# The relocatable pieces. The text before the name is what objcopy adds.
$(1)/legacy.o: PIECE = --keep-global-symbol=legacy_engine $(KEEP_ASAN)
$(1)/cmwq.o: PIECE = --keep-global-symbol=cmwq_engine $(KEEP_ASAN)
$(1)/legacy.o: $(SRC_LEGACY:%.c=$(1)/%.o)
$(1)/cmwq.o: $(SRC_CMWQ:%.c=$(1)/%.o)
$(1)/kernel.o: $(SRC_KERNEL:%.c=$(1)/%.o)
$(1)/player.o: $(SRC_PLAYER:%.c=$(1)/%.o)
$(1)/tests/bodies.o: $(SRC_BODIES:%.c=$(1)/%.o)
$(addprefix $(1)/,legacy.o cmwq.o kernel.o player.o tests/bodies.o): $(1)/.sources
	@mkdir -p $$(@D)
	$(Q)$$(call say,LD -r,$$(@:$(1)/%=%),$(4))$(LD) -r -o $$@.tmp $$(filter %.o,$$^)
	$(Q)$(OBJCOPY) $(RENAME) $$(PIECE) $$@.tmp $$@ && rm -f $$@.tmp

$(1)/libwqlab.a: $(SRC_MACHINE:%.c=$(1)/%.o) $(1)/kernel.o $(1)/legacy.o $(1)/cmwq.o $(1)/.sources
	$(Q)$$(call say,AR,libwqlab.a,$(4))rm -f $$@ && $(AR) rcs $$@ $$(filter %.o,$$^)

$(1)/wqlab: $(SRC_COMMAND:%.c=$(1)/%.o) $(if $(SRC_PLAYER),$(1)/player.o) $(1)/libwqlab.a
	$(Q)$$(call say,LD,wqlab,$(4))$(2) $(3) -pie -pthread -o $$@ $$(filter %.o %.a,$$^)

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
$(1)/tests/wqtwin: $(1)/tests/harness/twin.o
$(1)/tests/wqtests $(1)/tests/wqsoak: $(1)/tests/harness/script.o
$(1)/tests/wqtests $(1)/tests/wqsoak: LIBS = $(CRITERION_LIBS)
$(addprefix $(1)/tests/,wqtests wqsoak wqtwin): $(1)/tests/harness/wqtest.o \
		$(1)/tests/bodies.o $(SRC_LIBC:%.c=$(1)/%.o) \
		$(patsubst %.c,$(1)/%.o,$(filter-out %/main.c,$(SRC_COMMAND))) \
		$(if $(SRC_PLAYER),$(1)/player.o) $(1)/libwqlab.a | $(1)/wqlab
	$(Q)$$(call say,LD,$$(@:$(1)/%=%),$(4))$(2) $(3) -pie -pthread -o $$@ $$(filter %.o,$$^) $(1)/libwqlab.a $$(LIBS)
	@$$(if $$(filter %/wqtwin,$$@),$$@ -l | wc -l,sed -n 's,^/\* tests: \([0-9]*\) \*/$$$$,\1,p' \
	  $$(patsubst %.o,%.c,$$(filter %/shim-test.o %/shim-soak.o,$$^))) > $$@.count

.SECONDARY: $(1)/tests/shim-test.c $(1)/tests/shim-soak.c

-include $(ALL_SOURCES:%.c=$(1)/%.d) $(wildcard $(1)/tests/harness/*.d $(1)/tests/shim-*.d)
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
endif
endif
suite-binary = $(1)/tests/$(if $(findstring -thread,$(1)),wqtwin,$(2))
TEST_BINARIES := $(foreach d,$(TEST_DIRS) $(B),$(call suite-binary,$(d),wqtests))
SOAK_BINARIES := $(foreach d,$(TEST_DIRS) $(B),$(call suite-binary,$(d),wqsoak))
SOAK_TWINS := $(addsuffix /tests/wqtwin,$(TEST_DIRS) $(B))
RUN_TESTS = @sh tests/harness/run.sh $(if $(T),-f '$(T)')

# ------------------------------------------------------------------ targets

.PHONY: all demo test soak docs check-layering install-test-deps criterion clean help FORCE

all: $(B)/libwqlab.a $(B)/wqlab ## the library and the wqlab command (the default)
	@echo "Built: $(B)/wqlab and $(B)/libwqlab.a"

demo: $(B)/wqlab ## play the guided tour
	@$(B)/wqlab tour

test: $(TEST_BINARIES) ## the suite, under 10 minutes (T='suite*/name*' picks tests)
	$(RUN_TESTS) $(TEST_BINARIES)

soak: $(TEST_BINARIES) $(SOAK_BINARIES) $(SOAK_TWINS) ## the long runs: everything in `make test` and more
	$(RUN_TESTS) -t 36000 $(TEST_BINARIES) $(SOAK_BINARIES)

docs: ## the pages, with Doxygen, in build/docs (a warning is an error)
	@sh docs/build.sh $(O)/docs

check-layering: ## who may include whom, and the first line of each file
	@sh tests/layering.sh

install-test-deps: ## install Criterion if it is not there (Debian; root or sudo)
	@sh tests/harness/install-deps.sh $(CC)

# What the suite's binaries wait for: installed if it is missing, no word if it is there.
criterion:
	@sh tests/harness/install-deps.sh -q $(CC)

clean: ## remove everything that was built, all variants
	rm -rf $(O)

help: ## this list
	@echo "Targets:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile
	@echo "Variables:"
	@awk -F ' *:=.*## ' '/^[A-Z]+ *:=.*## / { printf "  %-23s %s\n", $$1, $$2 }' Makefile
	@echo "Plain gcc builds into build/, every other choice into build/<compiler>-<options>/."
