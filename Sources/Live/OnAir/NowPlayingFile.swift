import Core
import HLS
import Logging
import System

/// A file that names the title now playing. A thread of its own reads the file twice a second, because a disk may hang.
final class NowPlayingFile: Sendable {
  private static let interval = Duration.milliseconds(500)
  /// The most bytes of the file; a longer file is something else.
  private static let longest = 4096

  private struct State: Sendable {
    var reader = StableFileReader()
    var wasBroken = false
    /// Whether the file has named a title, and no failure has ended it.
    var plays = false
  }

  private let worker = Worker<Void>(name: "metadata", inbox: ())

  /// Starts the thread.
  init(_ path: String, for mailbox: NowPlayingMailbox, log: Log) {
    worker.start(with: State(), first: .pause(.zero)) { state, _ in
      switch state.reader.take(Self.look(at: path)) {
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

  /// Lets the thread end soon, and returns at once, even if the disk hangs.
  func stop() {
    worker.stop(within: .zero)
  }

  private static func look(at path: String) -> StableFileReader.Look {
    do throws(SystemError) {
      return .content(try File.read(path, atMost: longest))
    } catch {
      return .failure(error.reason)
    }
  }
}
