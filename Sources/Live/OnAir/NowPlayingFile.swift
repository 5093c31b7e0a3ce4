import HLS
import Logging
import System

/// A file that says what is playing, looked at twice a second on a thread of its own: a disk may hang.
final class NowPlayingFile: Sendable {
  private static let milliseconds = 500
  /// Bytes; what is longer is something else.
  private static let longest = 4096

  private let stopped = Semaphore()

  /// Begins to look.
  init(_ path: String, for titles: NowPlayingMailbox, log: Log) {
    NamedThread(name: "metadata") { [stopped] in
      var (watch, wasBroken) = (StableFileReader(), false)
      repeat {
        switch watch.take(Self.look(at: path)) {
        case .playing(let playing):
          titles.set(playing)
          if wasBroken { log.info("metadata: \(path) is read again") }
          wasBroken = false
        case .nothing(let reason):
          log.warning("metadata: \(path): \(reason); what played plays on")
          wasBroken = true
        case nil: break
        }
      } while !stopped.wait(milliseconds: Self.milliseconds)
    }.detach()
  }

  /// Ends the thread, soon; a disk that hangs is left behind.
  func stop() {
    stopped.post()
  }

  private static func look(at path: String) -> StableFileReader.Look {
    do throws(FileError) {
      return .content(try File.read(path, atMost: longest))
    } catch {
      return .failure(error.reason)
    }
  }
}
