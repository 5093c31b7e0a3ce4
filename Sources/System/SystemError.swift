import Glibc

/// A call of the operating system that failed.
package struct SystemError: Error, Equatable, CustomStringConvertible {
  /// The C function.
  package let call: String
  /// Its error number (errno(3)).
  package let code: Int32
  /// The file or device that it was called for; nil if the call names none.
  package let subject: String?

  package init(call: String, code: Int32, subject: String? = nil) {
    self.call = call
    self.code = code
    self.subject = subject
  }

  /// Passes on the result of a C function that reports a failure by a negative number and errno(3).
  /// - Parameter subject: the file or device that the function was called for.
  @discardableResult
  package static func check<Code: SignedInteger>(
    _ call: String, _ code: Code, of subject: @autoclosure () -> String? = nil
  ) throws(SystemError) -> Code {
    if code >= 0 { return code }
    // Before `subject`, which may change errno.
    let number = errno
    throw SystemError(call: call, code: number, subject: subject())
  }

  package var description: String { subject.map { "\($0): \(reason)" } ?? "\(call): \(text)" }

  /// The error and the call, for a message that has named the subject already.
  package var reason: String { "\(text) (\(call))" }

  private var text: String { String(cString: strerror(code)) }
}
