#define _GNU_SOURCE 1
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define CHILD_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define CHILD_ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define CHILD_ARCHITECTURE AUDIT_ARCH_RISCV64
#endif

/* Refuses one call: the program gets an error. */
#define CHILD_REFUSE(number, code) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (code))

/* Forbids network, other processes, and new ones (seccomp(2)). Threads stay allowed. */
static int child_refuse_calls(void)
{
#ifndef CHILD_ARCHITECTURE
  /* The numbers of the calls are not known. */
  return -1;
#else
  struct sock_filter filter[] = {
    /* The calls of another architecture have other numbers: int 0x80 on x86-64, 32-bit code on arm64. */
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CHILD_ARCHITECTURE, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    /* The calls of x32 have numbers of their own from here on. */
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    CHILD_REFUSE(__NR_socket, EACCES),
    CHILD_REFUSE(__NR_socketpair, EACCES),
    /* Its work does not pass this filter. */
    CHILD_REFUSE(__NR_io_uring_setup, EACCES),
    CHILD_REFUSE(__NR_ptrace, EACCES),
    CHILD_REFUSE(__NR_process_vm_readv, EACCES),
    CHILD_REFUSE(__NR_process_vm_writev, EACCES),
    CHILD_REFUSE(__NR_pidfd_open, EACCES),
    CHILD_REFUSE(__NR_pidfd_getfd, EACCES),
    CHILD_REFUSE(__NR_pidfd_send_signal, EACCES),
    CHILD_REFUSE(__NR_kill, EACCES),
    CHILD_REFUSE(__NR_tkill, EACCES),
    CHILD_REFUSE(__NR_tgkill, EACCES),
    CHILD_REFUSE(__NR_rt_sigqueueinfo, EACCES),
    CHILD_REFUSE(__NR_rt_tgsigqueueinfo, EACCES),
    /* The station ends the whole group of the child. */
    CHILD_REFUSE(__NR_setsid, EACCES),
    CHILD_REFUSE(__NR_setpgid, EACCES),
#ifdef __NR_fork
    CHILD_REFUSE(__NR_fork, EACCES),
    CHILD_REFUSE(__NR_vfork, EACCES),
#endif
    /* A filter cannot read the arguments of clone3. The C library then makes its threads by clone. */
    CHILD_REFUSE(__NR_clone3, ENOSYS),
    /* The limits of another process. */
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_prlimit64, 0, 4),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone, 0, 3),
    /* The lower half of the flags; all three architectures are little-endian. */
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
#endif
}

#if !defined(SYS_landlock_create_ruleset)
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

/* Lets the child read and execute a file, or everything in a folder. A missing one is no error. */
static int child_allow(int rules, const char *path)
{
  int file = open(path, O_PATH | O_CLOEXEC);
  if (file < 0) return 0;
  struct stat status;
  if (fstat(file, &status) != 0) return -1;
  struct landlock_path_beneath_attr rule = { 0 };
  rule.parent_fd = file;
  rule.allowed_access = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE;
  if (S_ISDIR(status.st_mode)) rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
  int result = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  close(file);
  return result;
}

int child_landlock_version(void)
{
  return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

/* Forbids all files but those of programs (landlock(7)). A kernel without Landlock is no error. */
static int child_refuse_files(const char *program)
{
  int version = child_landlock_version();
  if (version < 1) return 0;
  /* All rights of the first version, and those that the second and the third have added: refer and truncate. */
  struct landlock_ruleset_attr handled = { 0 };
  handled.handled_access_fs = (1u << 13) - 1;
  if (version >= 2) handled.handled_access_fs |= 1u << 13;
  if (version >= 3) handled.handled_access_fs |= 1u << 14;
  int rules = syscall(SYS_landlock_create_ruleset, &handled, sizeof handled.handled_access_fs, 0);
  if (rules < 0) return -1;
  const char *const allowed[] = {
    program, "/usr", "/lib", "/lib32", "/lib64", "/libx32", "/etc/ld.so.cache", "/etc/ld.so.preload",
  };
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
    if (child_allow(rules, allowed[i]) != 0) return -1;
  return syscall(SYS_landlock_restrict_self, rules, 0);
}

static int child_limit(int resource, unsigned long most)
{
  struct rlimit limit = { most, most };
  return setrlimit(resource, &limit);
}

int child_start(
  const char *path, char *const *arguments, int input, int output, int second, struct child_limits limits)
{
  char *const environment[] = { (char *)"PATH=/usr/local/bin:/usr/bin:/bin", (char *)"LC_ALL=C", NULL };
  pid_t parent = getpid();
  pid_t child = fork();
  if (child != 0) return child;
  /* The signals of the program's threads are not the child's. */
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(126);
  /* Above the places that they go to, so that none is overwritten. */
  int files[3] = { fcntl(input, F_DUPFD, 16), fcntl(output, F_DUPFD, 16), fcntl(second, F_DUPFD, 16) };
  int dropped = open("/dev/null", O_WRONLY);
  if (files[0] < 0 || files[1] < 0 || files[2] < 0 || dropped < 0) _exit(126);
  if (dup2(dropped, 2) < 0 || dup2(files[0], 0) < 0 || dup2(files[1], 1) < 0 || dup2(files[2], 3) < 0) _exit(126);
  if (syscall(SYS_close_range, 4u, ~0u, 0u) != 0) {
    for (int file = 4; file < 65536; file++) close(file);
  }
  /* A low priority leaves the processor to the sound of the streams. */
  setpriority(PRIO_PROCESS, 0, 15);
  if (child_limit(RLIMIT_CPU, limits.cpu) != 0 || child_limit(RLIMIT_AS, limits.memory) != 0
      || child_limit(RLIMIT_FSIZE, limits.file) != 0 || child_limit(RLIMIT_CORE, 0) != 0 || child_limit(RLIMIT_NOFILE, 64) != 0
      || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || child_refuse_files(path) != 0 || child_refuse_calls() != 0)
    _exit(126);
  execve(path, arguments, environment);
  _exit(127);
}
