import Glibc
import Logging
import System

/// The operators' token of a station that was given none: made at the first start, and kept beside the stream's folder.
struct OperatorToken {
  /// The file in the sound directory.
  static let fileName = "admin-token"

  let token: Token
  /// Nil where the token could not be kept: the token is good until this run ends.
  let path: String?

  /// Reads the token, or makes and keeps one.
  /// - Parameter directory: the sound directory, which exists.
  init(in directory: String, log: Log) {
    let path = "\(directory)/\(Self.fileName)"
    do {
      token = try Self.read(path)
      self.path = path
      return
    } catch let error as SystemError where error.code == ENOENT {
      // The first start.
    } catch {
      log.warning("operators: \(path): \(error); a new token takes its place")
    }
    token = Self.random()
    do throws(SystemError) {
      try SecretFile.make(token.text, at: path)
      self.path = path
    } catch {
      log.warning("operators: \(error); the token is good until this run ends")
      self.path = nil
    }
  }

  /// A token file that some other user may have written or read.
  private struct Untrusted: Error, CustomStringConvertible {
    let description: String
  }

  private static func read(_ path: String) throws -> Token {
    // O_NOFOLLOW and O_NONBLOCK: a link in the file's place leads nowhere, and a named pipe does not block.
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw SystemError(call: "open", code: errno, subject: path) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw SystemError(call: "fstat", code: errno, subject: path) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else {
      throw Untrusted(description: "it must be a file of this user")
    }
    guard status.st_mode & 0o077 == 0 else { throw Untrusted(description: "other users must not have access to it") }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = Glibc.read(file, &bytes, bytes.count)
    guard count >= 0 else { throw SystemError(call: "read", code: errno, subject: path) }
    let line = String(decoding: bytes.prefix(count), as: UTF8.self).prefix { $0 != "\n" }
    guard let token = Token(String(line)) else { throw Untrusted(description: "it holds no token") }
    return token
  }

  /// 128 random bits.
  private static func random() -> Token { Token(SecretFile.randomDigits(bytes: 16))! }
}
