import Core
import HLS
import Logging
import System

/// A file that names the title now playing. A thread of its own reads the file twice a second, because a disk may hang.
final class NowPlayingFile: Sendable {
  private static let interval = Duration.milliseconds(500)
  /// The most bytes of the file; a longer file is something else.
  private static let longest = 4096

  private let stopped = Semaphore()

  /// Starts the thread.
  init(_ path: String, for mailbox: NowPlayingMailbox, log: Log) {
    NamedThread(name: "metadata") { [stopped] in
      var reader = StableFileReader()
      var wasBroken = false
      repeat {
        switch reader.take(Self.look(at: path)) {
        case .playing(let playing):
          mailbox.set(playing)
          if wasBroken { log.info("metadata: \(path) is read again") }
          wasBroken = false
        case .nothing(let reason):
          log.warning("metadata: \(path): \(reason); what played plays on")
          wasBroken = true
        case nil: break
        }
      } while !stopped.wait(atMost: Self.interval)
    }.detach()
  }

  /// Lets the thread end soon, and returns at once, even if the disk hangs.
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
