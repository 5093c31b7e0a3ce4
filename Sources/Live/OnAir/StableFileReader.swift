import HLS

/// Reads a file that another program writes. The content counts only when two looks in a row find the same, so that a title
/// which is only half written never shows.
struct StableFileReader {
  enum Look: Equatable {
    case content([UInt8])
    /// The file can't be read, for that reason.
    case failure(String)
  }

  enum Finding: Equatable {
    case playing(NowPlaying)
    /// The file can't be read, for that reason.
    case nothing(String)
  }

  private var last: Look?
  private var accepted: Look?

  /// - Returns: the finding, if it differs from the latest one.
  mutating func take(_ look: Look) -> Finding? {
    defer { last = look }
    guard look == last, look != accepted else { return nil }
    accepted = look
    switch look {
    case .failure(let reason): return .nothing(reason)
    case .content(let bytes): return .playing(NowPlaying(file: bytes))
    }
  }
}
