import Core

/// The version of the page's scripts and style sheets: a hash of all of them. A page names these files below a folder of the
/// version, such as `/page-a1b2c3d4e5f60718/js/main.js`. What lies there never changes, so a browser keeps these files and
/// asks for none of them again. Where any of the files has changed, all have another address: a page that is
/// loaded mixes no two versions. The folders of earlier versions lead to the files of this one, so that a page that stays open
/// over an upgrade finds modules, which may be newer than those that the page has already.
struct PageVersion: Equatable {
  private static let mark = "/page-"
  private static let digits = 16
  /// The endings of the files that have an address of a version.
  private static let endings = [".js", ".css"]

  /// `page-` and the hash.
  let folder: String

  /// - Parameter files: the contents of the page's files, by their paths.
  init(of files: [(path: String, content: [UInt8])]) {
    var hash = FNV1a.basis
    for (path, content) in files.filter({ Self.covers($0.path) }).sorted(by: { $0.path < $1.path }) {
      hash = FNV1a.hash(Array(path.utf8)[...] + [0], after: hash)
      // Two files that are cut elsewhere are other files.
      hash = FNV1a.hash(Array("\(content.count) ".utf8)[...] + content, after: hash)
    }
    let text = String(hash, radix: 16)
    folder = "\(Self.mark.dropFirst())\(String(repeating: "0", count: Self.digits - text.utf8.count))\(text)"
  }

  /// Whether a file has an address of the version.
  static func covers(_ path: String) -> Bool { endings.contains { path.ends(with: $0) } }

  /// The file's own path; nil where the path has no folder of a version, of this one or of an earlier one.
  static func plainPath(of path: String) -> String? {
    guard path.begins(with: mark) else { return nil }
    let rest = path.utf8.dropFirst(mark.utf8.count)
    guard rest.prefix(digits).allSatisfy(isDigit), rest.dropFirst(digits).first == UInt8(ascii: "/") else { return nil }
    return String(Substring(rest.dropFirst(digits)))
  }

  /// Whether a path has the folder of this version.
  func isFolder(of path: String) -> Bool { path.begins(with: "/\(folder)/") }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }

  /// A page whose scripts and style sheets have the addresses of this version.
  /// - Parameters:
  ///   - html: a page that names its files relatively, in `href="…"` and `src="…"`.
  ///   - path: the page's own path, such as `/rooms/room.html`.
  ///   - isFile: whether there is a file of that path.
  func applied(to html: String, at path: String, isFile: (String) -> Bool) -> String {
    let folders = path.utf8.split(separator: UInt8(ascii: "/")).dropLast().map { String(Substring($0)) }
    var result = ""
    var rest = html[...]
    while let (begin, end) = Self.nextAddress(in: rest) {
      result += rest[..<begin]
      let address = rest[begin..<end]
      if let file = Self.resolved(address, below: folders), Self.covers(file), isFile(file) {
        result += String(repeating: "../", count: folders.count) + folder + file
      } else {
        result += address
      }
      rest = rest[end...]
    }
    return result + rest
  }

  /// The bounds of the value of the next attribute `href` or `src`.
  private static func nextAddress(in html: Substring) -> (begin: String.Index, end: String.Index)? {
    let found = ["href=\"", "src=\""].compactMap { html.firstRange(of: $0) }
    guard let attribute = found.min(by: { $0.lowerBound < $1.lowerBound }),
      let end = html[attribute.upperBound...].firstIndex(of: "\"")
    else { return nil }
    return (attribute.upperBound, end)
  }

  /// The path of a relative address; nil where the address is another one, or leads out of the root.
  private static func resolved(_ address: Substring, below folders: [String]) -> String? {
    guard !address.begins(with: "/"), !address.utf8.contains(UInt8(ascii: ":")) else { return nil }
    var folders = folders
    for part in address.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      switch String(Substring(part)) {
      case ".": break
      case "..": if folders.popLast() == nil { return nil }
      case let name: folders.append(name)
      }
    }
    return "/" + folders.joined(separator: "/")
  }
}
