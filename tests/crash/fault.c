/* Loaded into oe with LD_PRELOAD: strikes at the n-th call that changes a file of the record.
 *
 *   OE_FAULT_IN=TEXT  of files whose path has this in it; unset: those of the record, "/.openexpertise"
 *   OE_FAULT_SPAWN=1  starting a program counts, too; after: it is started, and goes on alone
 *   OE_FAULT_GIT=WORD not in oe but in the `git WORD` that it starts; both are killed, and only before and after are possible
 *   OE_FAULT_AT=N     which one, from 1; 0 or unset: none
 *   OE_FAULT_HOW      before, after (SIGKILL around the call), half, most (SIGKILL after half of the bytes of a write, or all but the last),
 *                     full (from that call on each one fails with ENOSPC), hiccup (only that one does)
 *   OE_FAULT_LOG=FILE one line for each such call, "<number> <call> <path>"
 *
 * Only the process that was started with it: children neither load it nor count, but for OE_FAULT_GIT. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum how { BEFORE, AFTER, HALF, MOST, FULL, HICCUP };

static pid_t owner;
static long at;
static long count;
static enum how how;
static int log_fd = -1;
static const char *place = "/.openexpertise";
static int spawns;
static pid_t parent; /* killed, too; 0: nobody */

/* Whether this is the program that is struck at; else what it starts may be. */
static int is_meant(const char *git_word) {
  if (git_word == NULL) return 1;
  char words[4096] = "";
  const int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  const ssize_t length = syscall(SYS_read, fd, words, sizeof words - 1);
  close(fd);
  const char *const slash = strrchr(words, '/'), *const program = slash ? slash + 1 : words;
  if (length <= 0 || strcmp(program, "git") != 0) return 0;
  return strcmp(words + strlen(words) + 1, git_word) == 0;
}

__attribute__((constructor)) static void begin(void) {
  static const char *const names[] = {"before", "after", "half", "most", "full", "hiccup"};
  const char *const number = getenv("OE_FAULT_AT"), *const name = getenv("OE_FAULT_HOW"), *const log = getenv("OE_FAULT_LOG");
  const char *const git_word = getenv("OE_FAULT_GIT");
  if (!is_meant(git_word)) return;
  if (getenv("OE_FAULT_IN")) place = getenv("OE_FAULT_IN");
  spawns = getenv("OE_FAULT_SPAWN") != NULL;
  parent = git_word ? getppid() : 0;
  owner = getpid();
  at = number ? atol(number) : 0;
  for (int i = 0; name && i < 6; ++i)
    if (strcmp(name, names[i]) == 0) how = (enum how)i;
  if (log) log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  unsetenv("LD_PRELOAD");
}

static void die(void) {
  if (parent) kill(parent, SIGKILL);
  kill(owner, SIGKILL);
  for (;;) pause();
}

static long numbered(const char *call, const char *path) {
  ++count;
  char line[4300];
  const int length = snprintf(line, sizeof line, "%ld %s %s\n", count, call, path);
  if (log_fd >= 0) syscall(SYS_write, log_fd, line, (size_t)length);
  return count;
}

/* Whether the call is one of those, and then its number. */
static long boundary(const char *call, const char *path) {
  return getpid() == owner && strstr(path, place) != NULL ? numbered(call, path) : 0;
}

static long boundary_of_fd(const char *call, int fd) {
  char link[40], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return boundary(call, path);
}

static long boundary_of_name(const char *call, const char *name) {
  char path[4096] = "";
  if (name[0] != '/' && getcwd(path, sizeof path / 2) == NULL) return 0;
  if (name[0] != '/') strcat(path, "/");
  strncat(path, name, sizeof path / 2);
  return boundary(call, path);
}

/* What happens before a call: nothing, the end, or true for "fails with ENOSPC". */
static int fails(long number, int takes_space) {
  if (at == 0 || number == 0) return 0;
  if (number == at && how == BEFORE) die();
  if (!takes_space) return 0;
  if ((number == at && how == HICCUP) || (number >= at && how == FULL)) {
    errno = ENOSPC;
    return 1;
  }
  return 0;
}

static void afterwards(long number) {
  if (at != 0 && number == at && how != BEFORE && how <= MOST) die();
}

/* How much of the bytes of a write are written. */
static size_t some(long number, size_t bytes) {
  if (number == 0 || number != at || bytes == 0) return bytes;
  return how == HALF ? bytes / 2 : how == MOST ? bytes - 1 : bytes;
}

#define STRIKE(number, takes_space, type, call) \
  const long number_ = (number);                \
  if (fails(number_, takes_space)) return -1;   \
  const type result_ = (call);                  \
  const int code_ = errno;                      \
  afterwards(number_);                          \
  errno = code_;                                \
  return result_

ssize_t write(int fd, const void *bytes, size_t size) {
  STRIKE(boundary_of_fd("write", fd), 1, ssize_t, syscall(SYS_write, fd, bytes, some(number_, size)));
}
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset) {
  STRIKE(boundary_of_fd("pwrite", fd), 1, ssize_t, syscall(SYS_pwrite64, fd, bytes, some(number_, size), offset));
}
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset) { return pwrite(fd, bytes, size, offset); }
ssize_t writev(int fd, const struct iovec *parts, int parts_count) {
  STRIKE(boundary_of_fd("writev", fd), 1, ssize_t, syscall(SYS_writev, fd, parts, some(number_, (size_t)parts_count)));
}
int fsync(int fd) { STRIKE(boundary_of_fd("fsync", fd), 1, int, (int)syscall(SYS_fsync, fd)); }
int fdatasync(int fd) { STRIKE(boundary_of_fd("fdatasync", fd), 1, int, (int)syscall(SYS_fdatasync, fd)); }
static int grows(int fd, off_t size) {
  struct stat facts;
  return fstat(fd, &facts) == 0 && facts.st_size < size;
}
int ftruncate(int fd, off_t size) {
  STRIKE(boundary_of_fd("ftruncate", fd), grows(fd, size), int, (int)syscall(SYS_ftruncate, fd, size));
}
int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }
int truncate(const char *path, off_t size) {
  STRIKE(boundary_of_name("truncate", path), 0, int, (int)syscall(SYS_truncate, path, size));
}
int truncate64(const char *path, off64_t size) { return truncate(path, size); }
int rename(const char *from, const char *to) {
  STRIKE(boundary_of_name("rename", to), 1, int, (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int renameat(int from_dir, const char *from, int to_dir, const char *to) {
  STRIKE(boundary_of_name("rename", to), 1, int, (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, 0));
}
int unlink(const char *path) {
  STRIKE(boundary_of_name("unlink", path), 0, int, (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}
int unlinkat(int dir, const char *path, int flags) {
  STRIKE(dir == AT_FDCWD ? boundary_of_name("unlink", path) : 0, 0, int, (int)syscall(SYS_unlinkat, dir, path, flags));
}
int link(const char *from, const char *to) {
  STRIKE(boundary_of_name("link", to), 1, int, (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int mkdir(const char *path, mode_t mode) {
  STRIKE(boundary_of_name("mkdir", path), 1, int, (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}

/* Opening is a boundary when it may make the file. */
int openat(int dir, const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  const int makes = (flags & O_CREAT) != 0 && faccessat(dir, path, F_OK, 0) != 0;
  STRIKE(makes ? boundary_of_name("open", path) : 0, 1, int, (int)syscall(SYS_openat, dir, path, flags, mode));
}
int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return openat(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return openat(AT_FDCWD, path, flags, mode);
}

typedef int spawn_call(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *, char *const[],
                       char *const[]);

int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
                char *const words[], char *const environment[]) {
  spawn_call *const real = (spawn_call *)dlsym(RTLD_NEXT, "posix_spawn");
  const long number = spawns && getpid() == owner ? numbered("spawn", words[1] ? words[1] : path) : 0;
  if (fails(number, 0)) return EIO;
  const int code = real(pid, path, actions, attributes, words, environment);
  afterwards(number);
  return code;
}
