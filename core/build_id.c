#include "core/build_id.h"

#include <elf.h>
#include <link.h>
#include <string.h>

static size_t padded(size_t len)
{
	return (len + 3) / 4 * 4;
}

static bool find(const unsigned char *note, size_t len, unsigned char *ret)
{
	ElfW(Nhdr) head;

	for (size_t at = 0; at + sizeof(head) <= len;) {
		memcpy(&head, note + at, sizeof(head));
		const unsigned char *name = note + at + sizeof(head);
		const unsigned char *id = name + padded(head.n_namesz);
		if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == sizeof(ELF_NOTE_GNU) &&
			memcmp(name, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) == 0 &&
			head.n_descsz <= BUILD_ID_MOST) {
			memset(ret, 0, BUILD_ID_MOST);
			memcpy(ret, id, head.n_descsz);
			return true;
		}
		at += sizeof(head) + padded(head.n_namesz) + padded(head.n_descsz);
	}
	return false;
}

/* The program comes first, the libraries after it. */
static int look(struct dl_phdr_info *info, size_t size, void *ret)
{
	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		const unsigned char *note =
			(const unsigned char *)(uintptr_t)(info->dlpi_addr + p->p_vaddr);
		if (p->p_type == PT_NOTE && find(note, p->p_memsz, ret))
			return 1;
	}
	return -1;
}

bool build_id(unsigned char ret[BUILD_ID_MOST])
{
	return dl_iterate_phdr(look, ret) == 1;
}
