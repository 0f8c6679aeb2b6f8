// SPDX-License-Identifier: GPL-2.0-only
/* The twin as a program of its own; wqfaulty has it within. */
#include "runner.h"

int main(int argc, char **argv)
{
	return wqtwin(argc, argv);
}
