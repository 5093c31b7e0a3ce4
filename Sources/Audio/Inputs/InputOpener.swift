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
    var isOpen = true
    do throws(SourceError) {
      var status = stat()
      guard fstat(file, &status) == 0 else { throw SourceError(String(cString: strerror(errno))) }
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        (_, isOpen) = (close(file), false)
        return try ListInput(.folder(path), choice, after: previous as? ListInput, isStopping: isStopping)
      case S_IFREG where FileList.isPlaylist(path):
        (_, isOpen) = (close(file), false)
        return try ListInput(.playlist(path), choice, after: previous as? ListInput, isStopping: isStopping)
      case S_IFREG: return try Self.open(file, path: path, choice, after: previous)
      case S_IFIFO where choice.loops: throw .unusable("it is a pipe, which cannot be repeated")
      case S_IFIFO: return try PipeInput(file, isNamed: true, choice, isStopping: isStopping)
      default: throw .unusable("it is neither a file nor a folder nor a pipe")
      }
    } catch {
      if isOpen { close(file) }
      throw error.isForeign ? .unusable("\(error); \(choice.advice)") : error
    }
  }

  /// Opens a regular file. Our own reader reads WAV, as it does in pipes, and raw sound; libsndfile reads everything else.
  /// - Parameter file: belongs to the input from now on, unless there is an error.
  static func open(
    _ file: Int32, path: String, _ choice: InputChoice, after previous: (any Input)?
  ) throws(SourceError) -> any Input {
    let head = try FileInput.bytes(of: file, from: 0, count: ForeignFormat.longestHead)
    let name = ForeignFormat.name(of: head)
    var reason: SourceError?
    if WAVHeader.isWAV(head) || (choice.isRawNamed && name == nil) {
      do throws(SourceError) {
        return try FileInput(file, path: path, choice, after: previous as? FileInput)
      } catch {
        guard error.isForeign else { throw error }
        reason = error
      }
    }
    guard !head.isEmpty else { throw .unusable("it is not a sound file: it is empty") }
    do throws(SourceError) {
      return try DecodedInput(file, path: path, choice, after: previous as? DecodedInput)
    } catch {
      guard error.isForeign else { throw error }
      throw reason ?? name.map { .foreign("it begins like \($0), and \(error)") } ?? error
    }
  }
}
