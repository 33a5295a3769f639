// Preloaded, counts what a process has allocated and not freed, and writes the number of bytes to the file
// LIVE_BYTES_FILE, ten times a second. Without that variable, and in processes started by that one, it does nothing.
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void *count(void *file) {
    for (;;) {
        struct mallinfo2 heap = mallinfo2();
        char text[32];
        int length = snprintf(text, sizeof text, "%20zu\n", heap.uordblks + heap.hblkhd);
        if (pwrite((int)(long)file, text, (size_t)length, 0) != length) {
            return NULL;
        }
        usleep(100000);
    }
}

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("LIVE_BYTES_FILE");
    if (path == NULL) {
        return;
    }
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    unsetenv("LIVE_BYTES_FILE");
    pthread_t thread;
    if (file >= 0 && pthread_create(&thread, NULL, count, (void *)(long)file) == 0) {
        pthread_detach(thread);
    }
}
