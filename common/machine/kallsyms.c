// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of this program's functions and variables, from the .symtab of its
 * own file, which unlike the dynamic symbols has the static ones too.
 *
 * The table is read when somebody first asks: symbols of a size are copied,
 * sorted by address, and of several at one address one is kept, by a rule that
 * does not depend on the linker's order. The program may stand anywhere (PIE);
 * its distance from the file's addresses comes from the dynamic loader.
 *
 * Locking: the table is made under pthread_once() and constant afterwards, to the
 * very end: threads may still ask while the process exits.
 * Read next: machine.c, mach_name_of_address().
 */
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wqlab/kallsyms.h"

struct sym {
	uintptr_t addr;			/* in this process */
	uint32_t size;
	uint32_t rank;			/* smaller is preferred at one address */
	const char *name;		/* in names */
};

static struct {
	struct sym *syms;		/* by address */
	size_t nr;
	char *names;
} table;

static pthread_once_t loaded = PTHREAD_ONCE_INIT;

/* The main program comes first; that is all we want to see. */
static int note_bias(struct dl_phdr_info *info, size_t size, void *bias)
{
	(void)size;
	*(uintptr_t *)bias = info->dlpi_addr;
	return 1;
}

static int compare(const void *x, const void *y)
{
	const struct sym *a = x, *b = y;

	if (a->addr != b->addr)
		return a->addr < b->addr ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* Global before static, plain names before those that begin with underscores. */
static uint32_t rank_of(const Elf64_Sym *s, const char *name)
{
	uint32_t rank = ELF64_ST_BIND(s->st_info) == STB_LOCAL ? 16 : 0;

	while (*name++ == '_' && rank % 16 < 15)
		rank++;
	return rank;
}

static int wanted(const Elf64_Sym *s)
{
	int type = ELF64_ST_TYPE(s->st_info);

	return (type == STT_FUNC || type == STT_OBJECT) && s->st_shndx != SHN_UNDEF &&
	       s->st_size && s->st_name;
}

/* Copy what is wanted of one symbol table and its strings. */
static void copy(const Elf64_Sym *from, size_t nr, const char *strings, size_t len,
		 uintptr_t bias)
{
	size_t i, out = 0, left = 0;
	char *dot;

	table.names = malloc(len);
	table.syms = malloc((nr ? nr : 1) * sizeof(*table.syms));
	if (!table.names || !table.syms)
		return;
	memcpy(table.names, strings, len);
	for (i = 0; i < nr; i++) {
		struct sym *to = &table.syms[out];

		if (!wanted(&from[i]) || from[i].st_name >= len)
			continue;
		to->addr = from[i].st_value + bias;
		to->size = from[i].st_size > UINT32_MAX ? UINT32_MAX : from[i].st_size;
		to->name = table.names + from[i].st_name;
		to->rank = rank_of(&from[i], to->name);
		out++;
	}
	qsort(table.syms, out, sizeof(*table.syms), compare);
	for (i = 0; i < out; i++) {
		if (left && table.syms[left - 1].addr == table.syms[i].addr)
			continue;
		table.syms[left++] = table.syms[i];
	}
	/* What compilers append to the names of clones, and to static variables in functions. */
	for (i = 0; i < left; i++) {
		dot = strchr(table.syms[i].name, '.');
		if (dot && dot != table.syms[i].name)
			*dot = '\0';
	}
	table.nr = left;
}

/* Find the symbol table in a mapped file; every offset is checked against its length. */
static void parse(const char *file, size_t len, uintptr_t bias)
{
	const Elf64_Ehdr *eh = (const void *)file;
	const Elf64_Shdr *sh, *sym, *str;
	size_t i;

	if (len < sizeof(*eh) || memcmp(eh->e_ident, ELFMAG, SELFMAG) ||
	    eh->e_ident[EI_CLASS] != ELFCLASS64 || eh->e_shoff > len ||
	    eh->e_shnum > (len - eh->e_shoff) / sizeof(*sh))
		return;
	sh = (const void *)(file + eh->e_shoff);
	for (i = 0; i < eh->e_shnum; i++) {
		sym = &sh[i];
		if (sym->sh_type != SHT_SYMTAB || sym->sh_link >= eh->e_shnum)
			continue;
		str = &sh[sym->sh_link];
		if (sym->sh_offset > len || sym->sh_size > len - sym->sh_offset ||
		    str->sh_offset > len || str->sh_size > len - str->sh_offset ||
		    !str->sh_size || file[str->sh_offset + str->sh_size - 1])
			return;
		copy((const void *)(file + sym->sh_offset), sym->sh_size / sizeof(Elf64_Sym),
		     file + str->sh_offset, str->sh_size, bias);
		return;
	}
}

static void load(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	uintptr_t bias = 0;
	struct stat st;
	void *file;

	if (fd < 0)
		return;
	dl_iterate_phdr(note_bias, &bias);
	if (!fstat(fd, &st) && st.st_size > 0) {
		file = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (file != MAP_FAILED) {
			parse(file, st.st_size, bias);
			munmap(file, st.st_size);
		}
	}
	close(fd);
}

const char *kallsyms_lookup(const void *addr, size_t *offset)
{
	uintptr_t a = (uintptr_t)addr;
	size_t lo = 0, hi;

	pthread_once(&loaded, load);
	/* The last symbol that does not begin behind the address is number lo - 1. */
	for (hi = table.nr; lo < hi;) {
		size_t mid = lo + (hi - lo) / 2;

		if (table.syms[mid].addr <= a)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo || a - table.syms[lo - 1].addr >= table.syms[lo - 1].size)
		return NULL;
	if (offset)
		*offset = a - table.syms[lo - 1].addr;
	return table.syms[lo - 1].name;
}
