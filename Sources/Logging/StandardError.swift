import Glibc
import Synchronization

/// Standard error. It may be a pipe that no program reads, or a stopped terminal. A line that cannot be written at once is
/// lost, because the threads that log also capture and serve and must not wait.
final class StandardError: Sendable {
  private static let number: Int32 = 2

  /// A terminal may have room for half a line. It is opened again without blocking; the descriptor that other programs share
  /// keeps blocking.
  private let descriptor: Int32 = {
    guard isTerminal else { return number }
    let own = open("/proc/self/fd/\(number)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    return own >= 0 ? own : number
  }()
  /// Lines lost since the last one written. The lock is never held for long.
  private let lost = Mutex(0)

  /// - Parameter text: returns whole lines, at most 4096 bytes; gets the number of lines lost before them.
  func write(_ text: (_ lost: Int) -> String) {
    lost.withLock { lost in
      // One thread at a time: poll(2) promises room for 4096 bytes only.
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&entry, 1, 0) == 1, Int32(entry.revents) & POLLOUT != 0 else {
        lost += 1
        return
      }
      // One call, so that the lines of two programs don't mix.
      var text = text(lost)
      _ = text.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      lost = 0
    }
  }

  static var isTerminal: Bool { isatty(number) == 1 }

  /// The format that `choice` means for this standard error.
  static func format(_ choice: LogFormat.Choice) -> LogFormat {
    var environment: [String: String] = [:]
    for name in ["NO_COLOR", "TERM"] { environment[name] = getenv(name).map { String(cString: $0) } }
    return LogFormat(
      choice, isTerminal: isTerminal, isJournal: isJournal, environment: environment)
  }

  /// systemd.exec(5), JOURNAL_STREAM: "the device and inode numbers of the connection file descriptor, formatted in
  /// decimal, separated by a colon"; a program should compare them, because it may have inherited the variable.
  private static var isJournal: Bool {
    guard let stream = getenv("JOURNAL_STREAM") else { return false }
    var status = stat()
    return fstat(number, &status) == 0 && String(cString: stream) == "\(status.st_dev):\(status.st_ino)"
  }
}
