import Glibc
import System

/// The resources that the process uses (proc(5), getrusage(2)); nil where the system does not tell.
struct ProcessUsage: Equatable, Sendable {
  /// Bytes in memory.
  var memory: Int?
  /// The number of files and sockets that are open, and the number that may be open.
  var descriptors: Int?
  var mostDescriptors: Int?
  /// Seconds of processor time.
  var processor: Double

  /// The present use.
  static var now: ProcessUsage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return ProcessUsage(
      memory: residentMemory, descriptors: openDescriptors, mostDescriptors: descriptorLimit,
      processor: seconds(usage.ru_utime) + seconds(usage.ru_stime))
  }

  /// The second figure of statm, in pages.
  private static var residentMemory: Int? {
    guard let bytes = try? File.read("/proc/self/statm") else { return nil }
    let figures = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    return figures.count > 1 ? Int(figures[1]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) } : nil
  }

  private static var openDescriptors: Int? {
    // Since Linux 6.2 the number is the folder's size; before, the size is 0.
    var status = stat()
    guard stat("/proc/self/fd", &status) == 0 else { return nil }
    if status.st_size > 0 { return status.st_size }
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    // "." and "..", and the folder's own.
    return max(0, count - 3)
  }

  private static var descriptorLimit: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    return Int(clamping: limit.rlim_cur)
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
}
