import Glibc

/// A file that a start needs and that cannot be opened now. The station starts without the file, and tries the file again.
enum MissingFile {
  /// The reason why a file cannot be opened for reading; nil where it can.
  static func reason(_ path: String) -> String? {
    // A named pipe is opened without a wait for its writer (fifo(7)).
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return "\(String(cString: strerror(errno))) (open)" }
    close(file)
    return nil
  }
}
