import Glibc

/// How many files and sockets the process may have open.
enum DescriptorLimit {
  /// Takes all that the administrator allows: each listener is a socket, and the default is for programs that have few.
  static func raise() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
