/// The pictures of a stream, by their paths behind `/NAME/`.
enum PictureResource: Equatable, Sendable {
  /// `picture.jpg`: the newest picture.
  case newest
  /// `picture.mjpeg`: all pictures from now on.
  case moving
  /// `pictures.json`: the pictures of the ring; `pictures/ID.json`: those after a picture, once there is one; after
  /// the picture 0, all of them.
  case list(after: Int?)
  /// `picture/ID.jpg`.
  case still(Int)

  init?(_ path: Substring.UTF8View) {
    switch String(Substring(path)) {
    case "picture.jpg": self = .newest
    case "picture.mjpeg": self = .moving
    case "pictures.json": self = .list(after: nil)
    case let name:
      if let id = Self.id(name, behind: "picture/", before: ".jpg"), id > 0 {
        self = .still(id)
      } else if let id = Self.id(name, behind: "pictures/", before: ".json") {
        self = .list(after: id)
      } else {
        return nil
      }
    }
  }

  private static func id(_ name: String, behind folder: String, before ending: String) -> Int? {
    guard name.hasPrefix(folder), name.hasSuffix(ending) else { return nil }
    let digits = name.dropFirst(folder.count).dropLast(ending.count)
    // One resource has one path.
    guard let id = Int(digits), id >= 0, String(id) == digits else { return nil }
    return id
  }
}
