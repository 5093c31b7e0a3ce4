import HLS

/// What becomes of looks at a file that somebody else writes: it is believed when two in a row find the same, lest a title
/// flashes up of which only half is written.
struct StableFileReader {
  enum Look: Equatable {
    case content([UInt8])
    /// It can't be read, for that reason.
    case failure(String)
  }

  enum Finding: Equatable {
    case playing(NowPlaying)
    /// It says nothing of what plays, for that reason; what it said last stays.
    case nothing(String)
  }

  private var last: Look?
  private var believed: Look?

  /// - Returns: what is new.
  mutating func take(_ look: Look) -> Finding? {
    defer { last = look }
    guard look == last, look != believed else { return nil }
    believed = look
    switch look {
    case .failure(let reason): return .nothing(reason)
    case .content(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else { return .nothing("it is not UTF-8") }
      do throws(NowPlaying.Mistake) {
        return .playing(try NowPlaying(text: text))
      } catch {
        return .nothing(error.description)
      }
    }
  }
}
