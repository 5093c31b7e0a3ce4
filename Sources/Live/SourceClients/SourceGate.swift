import HTTP
import Logging
import Synchronization
import System

/// Lets in the source clients of one stream by user and password.
final class SourceGate: Sendable {
  enum Verdict: Equatable {
    case welcome(user: String)
    case refused
    /// The address has shown too many wrong passwords.
    case slowed(seconds: Int)
  }

  private let path: String
  private let passwords: Mutex<SourcePasswords>
  private let brake = Mutex(FailureBrake())
  private let log: Log

  /// - Throws: for a file that cannot be read, that every user may write, or that holds no passwords.
  init(_ path: String, log: Log) throws(InvalidInput) {
    self.path = path
    self.log = log
    passwords = Mutex(try Self.read(path, warningIn: log))
  }

  /// Reads the file, and changes nothing.
  /// - Throws: for a file that `reload` would refuse.
  func check() throws(InvalidInput) { _ = try Self.read(path, warningIn: nil) }

  /// Reads the file again. If the file is invalid, the passwords stay as they were. A client that is live stays so.
  func reload() throws(InvalidInput) {
    let read = try Self.read(path, warningIn: log)
    passwords.withLock { $0 = read }
  }

  func verdict(for request: Request) -> Verdict {
    let address = request.client.address.map(ClientAddress.init)
    let now = MonotonicTime.now
    if let address, let wait = brake.withLock({ $0.wait(for: address, now: now) }) {
      return .slowed(seconds: Int(wait.components.seconds) + 1)
    }
    guard case .basic(let user, let password) = request.header("Authorization").flatMap({ Authorization($0) }) else {
      // A client that shows no password has tried none.
      return .refused
    }
    if passwords.withLock({ $0 }).accept(user: user, password: password) {
      if let address { brake.withLock { $0.succeed(address) } }
      return .welcome(user: user)
    }
    let failures = address.map { address in brake.withLock { $0.fail(address, now: now) } } ?? 1
    log.warning(
      """
      source client: \(request.from) shows a wrong user or password (failure \(failures)); \
      the file \(path) has the right ones
      """)
    return .refused
  }

  /// - Parameter log: gets a warning where other users may read the file.
  private static func read(_ path: String, warningIn log: Log?) throws(InvalidInput) -> SourcePasswords {
    let file = SecretFile(path, of: .sourcePasswordFile)
    let text = String(decoding: try file.read(), as: UTF8.self)
    let passwords: SourcePasswords
    do {
      passwords = try SourcePasswords(text)
    } catch {
      throw InvalidInput(.sourcePasswordFile, path, error.text)
    }
    if let log { file.warnOfReaders(log) }
    return passwords
  }
}

extension Request {
  /// The address of the client, for the log.
  var from: String { client.address?.description ?? "a local client" }
}
