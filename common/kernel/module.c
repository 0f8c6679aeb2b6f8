// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules linked into this program: their starts and ends, which
 * module_init() and module_exit() put into sections, in link order, and their
 * parameters.
 *
 *      wqlab_modinit:   a.c init    b.c init    c.c init
 *      wqlab_modexit:   a.c exit    c.c exit               (b.c cannot go)
 *
 * Starts and ends of one source file belong together. Locking: none; one task
 * loads and unloads. After kernel/module.c and kernel/params.c of 3.18.
 * Read next: linux/module.h, linux/moduleparam.h.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

/* The linker makes these, if there is anything in the sections. */
extern const struct wqlab_modcall __start_wqlab_modinit[] __weak, __stop_wqlab_modinit[] __weak;
extern const struct wqlab_modcall __start_wqlab_modexit[] __weak, __stop_wqlab_modexit[] __weak;
extern const struct kernel_param __start_wqlab_params[] __weak, __stop_wqlab_params[] __weak;

static size_t nr_loaded;		/* modules started, from the first one on */

static void unload(const struct wqlab_modcall *started)
{
	const struct wqlab_modcall *end;

	for (end = __start_wqlab_modexit; end < __stop_wqlab_modexit; end++)
		if (!strcmp(end->file, started->file))
			end->exit();
}

void wqlab_unload_modules(void)
{
	while (nr_loaded)
		unload(&__start_wqlab_modinit[--nr_loaded]);
}

int wqlab_load_modules(void)
{
	const struct wqlab_modcall *start;
	int err;

	for (start = __start_wqlab_modinit; start < __stop_wqlab_modinit; start++) {
		err = start->init();
		if (err < 0) {
			pr_err("module %s: init failed: %d\n", kbasename(start->file), err);
			wqlab_unload_modules();
			return err;
		}
		nr_loaded++;
	}
	return 0;
}

static int set_bool(const char *value, bool *var, bool inverted)
{
	bool on = true;

	if (value && *value && strtobool(value, &on))
		return -EINVAL;
	*var = on != inverted;
	return 0;
}

/* A number into a variable of @size bytes, -ERANGE if it does not fit. */
static int set_number(const char *value, void *var, size_t size, bool is_signed)
{
	long long n, top = size == 8 ? LLONG_MAX : (1LL << (size * 8 - is_signed)) - 1;
	unsigned long long u;
	int err;

	if (!is_signed && size == 8) {
		err = kstrtoull(value, 0, &u);
		n = u;
	} else {
		err = kstrtoll(value, 0, &n);
		if (!err && (n > top || n < (is_signed ? -top - 1 : 0)))
			err = -ERANGE;
	}
	if (!err)
		memcpy(var, &n, size);
	return err;
}

static int set_param(const struct kernel_param *p, const char *value)
{
	static const struct {
		const char *type;
		size_t size;
		bool is_signed;
	} numbers[] = {
		{ "int", sizeof(int), true }, { "uint", sizeof(int), false },
		{ "short", sizeof(short), true }, { "ushort", sizeof(short), false },
		{ "long", sizeof(long), true }, { "ulong", sizeof(long), false },
		{ "byte", 1, false },
	};
	size_t i;

	if (!strcmp(p->type, "bool"))
		return set_bool(value, p->var, false);
	if (!strcmp(p->type, "invbool"))
		return set_bool(value, p->var, true);
	if (!value)
		return -EINVAL;
	if (!strcmp(p->type, "charp")) {
		*(const char **)p->var = value;
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!strcmp(p->type, numbers[i].type))
			return set_number(value, p->var, numbers[i].size, numbers[i].is_signed);
	return -EINVAL;
}

int wqlab_set_param(const char *name, const char *value)
{
	const struct kernel_param *p;
	int err = -ENOENT;

	for (p = __start_wqlab_params; p < __stop_wqlab_params; p++) {
		if (strcmp(p->name, name))
			continue;
		err = set_param(p, value);
		if (err)
			break;
	}
	return err;
}
