/* Preloaded into a process, makes its calls to the disk fail, and its clock jump, as a page of shared memory says:
   see faults.py, which writes it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, RENAME = 4, TRUNCATE = 8, CREATE = 16, READ = 32, LINK = 64 };

static struct page {
    int operations;    /* which fail; none when 0 */
    int error;         /* with what */
    int skipped;       /* so many that match pass first */
    int failed;        /* so many fail then, all of them when 0 */
    int seen;          /* how many matched */
    int unused;
    long long seconds; /* the clock is so much ahead */
    char pattern[128]; /* in the path */
} *page;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("BEFFROI_FAULTS");
    int file = path ? open(path, O_RDWR) : -1;
    void *found = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (found != MAP_FAILED) page = found;
    if (file >= 0) close(file);
}

static int fails(int operation, const char *path) {
    if (!page || !(page->operations & operation) || !path || !strstr(path, page->pattern)) return 0;
    int place = __atomic_fetch_add(&page->seen, 1, __ATOMIC_SEQ_CST) - page->skipped;
    if (place < 0 || (page->failed && place >= page->failed)) return 0;
    errno = page->error;
    return 1;
}

static int fails_on(int operation, int file) {
    if (!page || !(page->operations & operation)) return 0;
    char link[32], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return fails(operation, path);
}

#define FIND(name) if (!real) real = dlsym(RTLD_NEXT, #name)
#define INSTEAD(type, name, operation, file, declared, given) \
    type name declared { \
        static type (*real) declared; \
        FIND(name); \
        return fails_on(operation, file) ? -1 : real given; \
    }

INSTEAD(ssize_t, write, WRITE, file, (int file, const void *data, size_t size), (file, data, size))
INSTEAD(ssize_t, pwrite, WRITE, file, (int file, const void *data, size_t size, off_t at), (file, data, size, at))
INSTEAD(ssize_t, pwrite64, WRITE, file, (int file, const void *data, size_t size, off64_t at), (file, data, size, at))
INSTEAD(ssize_t, writev, WRITE, file, (int file, const struct iovec *data, int count), (file, data, count))
INSTEAD(ssize_t, read, READ, file, (int file, void *data, size_t size), (file, data, size))
INSTEAD(ssize_t, pread, READ, file, (int file, void *data, size_t size, off_t at), (file, data, size, at))
INSTEAD(ssize_t, pread64, READ, file, (int file, void *data, size_t size, off64_t at), (file, data, size, at))
INSTEAD(int, fsync, SYNC, file, (int file), (file))
INSTEAD(int, fdatasync, SYNC, file, (int file), (file))
INSTEAD(int, ftruncate, TRUNCATE, file, (int file, off_t size), (file, size))
INSTEAD(int, ftruncate64, TRUNCATE, file, (int file, off64_t size), (file, size))

int rename(const char *from, const char *to) {
    static int (*real)(const char *, const char *);
    FIND(rename);
    return fails(RENAME, to) ? -1 : real(from, to);
}

int link(const char *from, const char *to) {
    static int (*real)(const char *, const char *);
    FIND(link);
    return fails(LINK, to) ? -1 : real(from, to);
}

#define OPENING(name) \
    int name(const char *path, int flags, ...) { \
        static int (*real)(const char *, int, ...); \
        FIND(name); \
        va_list more; \
        va_start(more, flags); \
        int mode = flags & O_CREAT ? va_arg(more, int) : 0; \
        va_end(more); \
        return (flags & O_CREAT) && fails(CREATE, path) ? -1 : real(path, flags, mode); \
    }

OPENING(open)
OPENING(open64)

int clock_gettime(clockid_t clock, struct timespec *told) {
    static int (*real)(clockid_t, struct timespec *);
    FIND(clock_gettime);
    int answer = real(clock, told);
    if (page && clock == CLOCK_REALTIME) told->tv_sec += page->seconds;
    return answer;
}

int gettimeofday(struct timeval *told, void *zone) {
    static int (*real)(struct timeval *, void *);
    FIND(gettimeofday);
    int answer = real(told, zone);
    if (page) told->tv_sec += page->seconds;
    return answer;
}

time_t time(time_t *told) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (told) *told = now.tv_sec;
    return now.tv_sec;
}
