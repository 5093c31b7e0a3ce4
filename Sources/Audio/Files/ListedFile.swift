import Core

/// A file of a folder or of a playlist.
package struct ListedFile: Equatable, Sendable {
  package let path: String
  /// The title that the playlist names.
  package let title: String?

  package init(path: String, title: String? = nil) {
    (self.path, self.title) = (path, title)
  }

  /// The name of the file without folders and without the ending.
  package var name: String {
    let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? "".utf8[...]
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
      return String(Substring(name))
    }
    return String(Substring(name[..<dot]))
  }
}
