#pragma once

/* The limits of a child process. Units: seconds of CPU time, and bytes. */
struct child_limits {
  unsigned long cpu, memory, file;
};

/* Starts a program with three open files: 0 is its input, 1 its output, 3 its second output. Its messages are dropped. Between
   fork and execve, only calls that are safe after a fork of a threaded program (signal-safety(7)). Returns the process's id, or -1
   with errno. The child has a process group of its own, with its own number; it has no network, starts no process, reaches no
   other one, and, where the kernel has Landlock, opens only the files of programs. A child that cannot be limited ends with status 126, and one that cannot be executed with status 127. */
int child_start(
  const char *path, char *const *arguments, int input, int output, int second, struct child_limits limits);

/* The version of Landlock; less than 1 where the kernel has none (landlock_create_ruleset(2)). */
int child_landlock_version(void);
