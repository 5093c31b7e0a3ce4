import Logging
import Synchronization

/// The token files that could not be opened at the start. They are tried again until they can be read; meanwhile their gates
/// let nobody in.
final class AwaitedTokens: Sendable {
  private struct Awaited {
    let gate: TokenGate
    /// The reason of the last failure, as the log has it.
    var told: String
  }

  private let awaited = Mutex<[Awaited]>([])
  private let spelling: SettingSpelling
  private let log: Log

  init(spelling: @escaping SettingSpelling, log: Log) {
    (self.spelling, self.log) = (spelling, log)
  }

  /// Notes a gate whose file cannot be opened now.
  func add(_ gate: TokenGate) {
    awaited.withLock { $0.append(Awaited(gate: gate, told: "")) }
    retry()
  }

  /// Tries each file again. A reason is logged when it is new.
  func retry() {
    awaited.withLock { awaited in
      awaited = awaited.compactMap { entry in
        do throws(InvalidInput) {
          try entry.gate.reload()
          log.info("tokens: the file is there now, and its tokens let in")
          return nil
        } catch {
          let reason = error.text(spelling)
          if reason != entry.told { log.error("\(reason); its tokens let nobody in until it can be read") }
          return Awaited(gate: entry.gate, told: reason)
        }
      }
    }
  }
}
