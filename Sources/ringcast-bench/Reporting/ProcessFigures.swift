import Glibc

/// The figures of a process in /proc.
struct ProcessFigures {
  let pid: Int

  init(_ pid: Int) {
    self.pid = pid
  }

  /// Its CPU time in microseconds (utime + stime, proc(5)); 0 if the process is gone.
  var cpu: Int {
    // The second field is a name in brackets, which may contain any character.
    guard let text = Self.read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return 0 }
    let fields = text[end...].split(separator: " ").dropFirst()
    guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else { return 0 }
    return Self.microseconds(ticks: user + system)
  }

  /// Its memory in kilobytes; shared memory is divided among the processes (Pss).
  var memory: Int {
    guard let text = Self.read("/proc/\(pid)/smaps_rollup") else { return 0 }
    for line in text.split(separator: "\n") where line.hasPrefix("Pss:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }
    return 0
  }

  static func microseconds(ticks: Int) -> Int {
    ticks * 1_000_000 / sysconf(Int32(_SC_CLK_TCK))
  }

  static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}
