// Looks for leaks when a program ends, by exit or by _exit, as clip-cli does: the address sanitizer's own _exit does not look
// for them, and calls the next one, which is this one where it is preloaded with LD_PRELOAD. The sanitizer also overlooks
// pointers in whose highest bits Swift keeps which case an enumeration or what kind a string is, and would report what only
// they point to; so that is marked first. Programs without the sanitizer end as ever.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

void __lsan_do_leak_check(void) __attribute__((weak));
void __lsan_ignore_object(const void *object) __attribute__((weak));

enum { PAGE = 4096, WORDS = 1 << 17, MOST_REGIONS = 1 << 14 };

typedef struct region {
    uint64_t start, end;
} region;

/// The sanitizer's record of what may be accessed, on x86-64: nearly all of it was never written.
static const region shadow = {0x7fff8000, 0x10007fff8000};
static region regions[MOST_REGIONS];
static size_t region_count;

/// Fills in the memory that may be written; whether OpenVINO is part of the program.
static bool find_regions(void) {
    bool has_openvino = false;
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512];
    while (maps && region_count < MOST_REGIONS && fgets(line, sizeof line, maps)) {
        region *new = &regions[region_count];
        char access[5];
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", &new->start, &new->end, access) == 3 && access[0] == 'r' &&
            access[1] == 'w' && (new->end <= shadow.start || new->start >= shadow.end)) {
            region_count++;
        }
        has_openvino = has_openvino || strstr(line, "/libopenvino.so");
    }
    if (maps) fclose(maps);
    return has_openvino;
}

static bool is_in_region(uint64_t address) {
    size_t first = 0, end = region_count;
    while (first < end) {
        const size_t middle = first + (end - first) / 2;
        if (address >= regions[middle].end) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return first < region_count && address >= regions[first].start;
}

/// Marks what pointers with high bits point to. Reads through the kernel, since other threads may unmap memory meanwhile.
static void mark_tagged(void) {
    static uint64_t words[WORDS];
    for (size_t i = 0; i < region_count; i++) {
        for (uint64_t place = regions[i].start; place < regions[i].end;) {
            const uint64_t rest = regions[i].end - place;
            const struct iovec from = {(void *)place, rest < sizeof words ? rest : sizeof words}, to = {words, from.iov_len};
            const ssize_t count = process_vm_readv(getpid(), &to, 1, &from, 1, 0);
            for (ssize_t word = 0; word < count / (ssize_t)sizeof *words; word++) {
                const uint64_t address = words[word] & 0x00fffffffffffff8;
                if (words[word] >> 56 != 0 && is_in_region(address)) __lsan_ignore_object((const void *)address);
            }
            place += count > 0 ? (uint64_t)count : PAGE;
        }
    }
}

static void look_for_leaks(void) {
    if (!__lsan_do_leak_check || find_regions()) return;
    mark_tagged();
    __lsan_do_leak_check();
}

/// Before the functions that are to run at the end: libraries free in them what would lead to more.
void exit(int status) {
    look_for_leaks();
    ((void (*)(int))dlsym(RTLD_NEXT, "exit"))(status);
    __builtin_unreachable();
}

void _exit(int status) {
    look_for_leaks();
    for (;;) syscall(SYS_exit_group, status);
}
