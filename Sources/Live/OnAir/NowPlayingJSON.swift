import Core
import HLS

extension NowPlaying {
  /// The most bytes of JSON that are read: each character may be escaped.
  static let mostContent = 4096

  /// The reason why a content is not a title now playing.
  struct Unreadable: Error, Equatable, CustomStringConvertible {
    let description: String
  }

  /// Reads the content of an operator's request: `{"title": "…", "artist": "…"}`, either of which may be null or left out.
  init(content: [UInt8]) throws(Unreadable) {
    let json: JSON
    do throws(JSON.Malformed) {
      json = try JSON(content)
    } catch {
      throw Unreadable(description: error.description)
    }
    guard case .object(let members) = json else { throw Unreadable(description: "it must be an object") }
    var texts: [String: String?] = [:]
    for (name, value) in members {
      guard ["title", "artist"].contains(name), texts[name] == nil else {
        throw Unreadable(description: "it must have one title and one artist at the most, and nothing else")
      }
      switch value {
      case .null: texts[name] = .some(nil)
      case .string(let text): texts[name] = text
      default: throw Unreadable(description: "\(name): it must be a string or null")
      }
    }
    do throws(Mistake) {
      try self.init(title: texts["title"] ?? nil, artist: texts["artist"] ?? nil)
    } catch {
      throw Unreadable(description: error.description)
    }
  }

  var json: JSON {
    .object([("title", title.map { .string($0) } ?? .null), ("artist", artist.map { .string($0) } ?? .null)])
  }
}
