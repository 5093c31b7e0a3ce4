import Core
import HLS
import Logging
import Synchronization
import System

/// A file that names the title now playing. A thread of its own reads the file twice a second, because a disk may hang.
/// While it hangs, no title is shown: the music has gone on.
final class NowPlayingFile: Sendable {
  private static let interval = Duration.milliseconds(500)
  /// The most bytes of the file; a longer file is something else.
  private static let longest = 4096
  /// A disk that takes longer hangs.
  private static let hangTimeout = Duration.seconds(5)

  private struct State: Sendable {
    var reader = StableFileReader()
    var wasBroken = false
    /// Whether the file has named a title, and no failure has ended it.
    var plays = false
  }

  /// The attempt to read the file that has not ended.
  private struct Attempt: Sendable {
    var began: MonotonicTime?
    var hangs = false
  }

  private let path: String
  private let mailbox: NowPlayingMailbox
  private let log: Log
  private let attempt = Mutex(Attempt())
  private let worker = Worker<Void>(name: "metadata", inbox: ())

  /// Starts the thread.
  /// - Parameter look: reads the file, and may wait for the disk.
  init(
    _ path: String, for mailbox: NowPlayingMailbox, log: Log,
    look: @escaping @Sendable (_ path: String) -> StableFileReader.Look = NowPlayingFile.look
  ) {
    (self.path, self.mailbox, self.log) = (path, mailbox, log)
    // Weakly: the file keeps the thread.
    worker.start(with: State(), first: .pause(.zero)) { [weak self] state, _ in
      self?.attempt.withLock { $0 = Attempt(began: .now) }
      let look = look(path)
      let hung = self?.attempt.withLock { attempt in
        defer { attempt = Attempt() }
        return attempt.hangs
      }
      // The title that was taken off is new again.
      if hung == true { state = State(wasBroken: true) }
      switch state.reader.take(look) {
      case .playing(let playing):
        mailbox.set(playing)
        if state.wasBroken { log.info("metadata: \(path) is read again") }
        (state.wasBroken, state.plays) = (false, true)
      case .nothing(let reason):
        // The music has gone on, and the title before would be wrong.
        if state.plays { mailbox.set(.nothing) }
        log.warning("metadata: \(path): \(reason); no title is shown")
        (state.wasBroken, state.plays) = (true, false)
      case nil: break
      }
      return .pause(Self.interval)
    }
  }

  /// Takes the title off if the disk hangs. To be called each second or so.
  func checkDisk(at now: MonotonicTime) {
    let hangs = attempt.withLock { attempt in
      guard let began = attempt.began, !attempt.hangs, now - began >= Self.hangTimeout else { return false }
      attempt.hangs = true
      return true
    }
    guard hangs else { return }
    mailbox.set(.nothing)
    log.warning(
      "metadata: \(path): the disk has given nothing for \(Self.hangTimeout.components.seconds) s; no title is shown")
  }

  /// Lets the thread end soon, and returns at once, even if the disk hangs.
  func stop() {
    worker.stop(within: .zero)
  }

  static func look(at path: String) -> StableFileReader.Look {
    do throws(SystemError) {
      return .content(try File.read(path, atMost: longest))
    } catch {
      return .failure(error.reason)
    }
  }
}
