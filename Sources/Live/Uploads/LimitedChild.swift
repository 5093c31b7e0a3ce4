import CChild
import Glibc
import System

/// A child process with an input, an output file and a second output, and with limits: no network, no other process, no file but
/// those of programs, and a bounded amount of time and memory (setrlimit(2), seccomp(2), landlock(7)). Used by one thread.
struct LimitedChild: ~Copyable {
  struct Limits {
    /// Seconds of CPU time.
    var cpu: Int
    /// Bytes of address space.
    var memory: Int
    /// The largest file that the child may write, in bytes.
    var file: Int
    /// The longest time from start to end.
    var wall: Duration
  }

  /// Whether the kernel keeps a child from files that are no part of programs.
  static var refusesFiles: Bool { child_landlock_version() >= 1 }

  /// Bytes that are read at a time.
  private static let slice = 65_536

  private let process: pid_t
  private let input: Int32
  private let second: Int32
  private let deadline: MonotonicTime

  /// - Parameters:
  ///   - arguments: the path of the program, and its arguments.
  ///   - output: the file of its output, which is made anew.
  init(_ arguments: [String], output: String, limits: Limits) throws(SystemError) {
    let file = try SystemError.check(
      "open", open(output, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o640), of: output)
    defer { close(file) }
    var (inputs, seconds): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    try SystemError.check("pipe", pipe(&inputs))
    if pipe(&seconds) != 0 {
      let code = errno
      inputs.forEach { close($0) }
      throw SystemError(call: "pipe", code: code)
    }
    for file in inputs + seconds { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    words.append(nil)
    let child = child_start(
      arguments[0], words, inputs[0], file, seconds[1],
      child_limits(cpu: UInt(limits.cpu), memory: UInt(limits.memory), file: UInt(limits.file)))
    let code = errno
    words.forEach { free($0) }
    close(inputs[0])
    close(seconds[1])
    guard child > 0 else {
      close(inputs[1])
      close(seconds[0])
      throw SystemError(call: "fork", code: code)
    }
    (process, input, second, deadline) = (child, inputs[1], seconds[0], .now + limits.wall)
    for file in [input, second] { _ = fcntl(file, F_SETFL, O_NONBLOCK) }
  }

  /// The end of a child.
  enum End: Equatable {
    case exit(status: Int32)
    case signal(Int32)
    case tooLong
    case stopped
  }

  /// Sends a file into the child, and reads its second output, until the child ends.
  /// - Parameters:
  ///   - source: the descriptor of the file.
  ///   - isStopping: asked each tenth of a second.
  ///   - onSent: called with the number of bytes that the child has taken.
  ///   - onOutput: called with the bytes of the second output.
  consuming func run(
    sending source: Int32, isStopping: () -> Bool, onSent: (Int) -> Void, onOutput: (ArraySlice<UInt8>) -> Void
  ) -> End {
    var input: Int32? = input
    var (waiting, sent, total) = ([UInt8](), 0, 0)
    var buffer = [UInt8](repeating: 0, count: Self.slice)
    var early: End?
    while early == nil {
      if let open = input {
        if sent == waiting.count {
          let count = buffer.withUnsafeMutableBytes { read(source, $0.baseAddress!, $0.count) }
          (waiting, sent) = (count > 0 ? Array(buffer[..<count]) : [], 0)
          if waiting.isEmpty {
            close(open)
            input = nil
          }
        }
      }
      var polled = [pollfd(fd: second, events: Int16(POLLIN), revents: 0)]
      if let input { polled.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0)) }
      poll(&polled, nfds_t(polled.count), 100)
      if let open = input, polled[1].revents != 0 {
        let count = waiting.withUnsafeBytes { write(open, $0.baseAddress! + sent, $0.count - sent) }
        if count > 0 {
          sent += count
          total += count
          onSent(total)
        } else if count < 0, errno != EAGAIN, errno != EINTR {
          // The child reads no more; its status tells the reason.
          close(open)
          input = nil
        }
      }
      if polled[0].revents != 0 {
        let count = buffer.withUnsafeMutableBytes { read(second, $0.baseAddress!, $0.count) }
        if count > 0 { onOutput(buffer[..<count]) } else if count == 0 || errno != EAGAIN && errno != EINTR { break }
      }
      if MonotonicTime.now > deadline { early = .tooLong }
      if isStopping() { early = .stopped }
    }
    if let input { close(input) }
    close(second)
    return wait(early)
  }

  /// Kills the group of the child, and the child itself if it has made none yet.
  private borrowing func end() {
    kill(-process, SIGKILL)
    kill(process, SIGKILL)
  }

  /// Waits for the end of the child, which is killed where it must end early, and at the deadline.
  private borrowing func wait(_ early: End?) -> End {
    var (status, early): (Int32, End?) = (0, early)
    if early != nil { end() }
    while true {
      let ended = waitpid(process, &status, early == nil ? WNOHANG : 0)
      if ended == process || ended < 0 && errno != EINTR { break }
      if early == nil {
        usleep(10_000)
        if MonotonicTime.now > deadline {
          early = .tooLong
          end()
        }
      }
    }
    if let early { return early }
    return status & 0x7F == 0 ? .exit(status: (status >> 8) & 0xFF) : .signal(status & 0x7F)
  }
}
