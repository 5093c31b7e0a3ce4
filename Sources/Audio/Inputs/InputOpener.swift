import Glibc

/// Opens an input, at first and again when it has failed. Its calls may hang.
struct InputOpener: Sendable {
  let choice: InputChoice

  /// - Parameters:
  ///   - previous: the input that has failed, if there is one.
  ///   - isStopping: ends a wait for the first bytes of a pipe.
  func open(
    after previous: (any Input)?, isStopping: @escaping @Sendable () -> Bool
  ) throws(SourceError) -> any Input {
    switch choice.place {
    case .descriptor(let descriptor):
      try PipeInput(descriptor, isNamed: false, choice, isStopping: isStopping)
    case .path(let path): try open(path, after: previous, isStopping)
    }
  }

  private func open(
    _ path: String, after previous: (any Input)?, _ isStopping: @escaping @Sendable () -> Bool
  ) throws(SourceError) -> any Input {
    // fifo(7): without O_NONBLOCK, opening a named pipe waits for a writer.
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw SourceError(String(cString: strerror(errno))) }
    do throws(SourceError) {
      var status = stat()
      guard fstat(file, &status) == 0 else { throw SourceError(String(cString: strerror(errno))) }
      switch status.st_mode & S_IFMT {
      case S_IFREG: return try FileInput(file, path: path, choice, after: previous as? FileInput)
      case S_IFIFO where choice.loops: throw .unusable("it is a pipe, which cannot be repeated")
      case S_IFIFO: return try PipeInput(file, isNamed: true, choice, isStopping: isStopping)
      default: throw .unusable("it is neither a file nor a pipe")
      }
    } catch {
      close(file)
      throw error
    }
  }
}
