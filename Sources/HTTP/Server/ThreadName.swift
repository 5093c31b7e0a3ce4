import Glibc

/// Names the thread that calls it, as `ps -T` shows it: what pthread_setname_np does (proc(5)), which Swift's Glibc hides.
func nameThread(_ name: String) {
  let comm = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
  guard comm >= 0 else { return }
  write(comm, name, name.utf8.count)
  close(comm)
}
