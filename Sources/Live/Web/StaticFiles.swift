import Core
import Glibc
import HTTP
import System

/// The page's files, read at start: nothing a request says can reach the disk.
struct StaticFiles: Sendable {
  /// The header fields of every file. The page loads nothing from elsewhere and has no inline script. Any page may embed this
  /// one, as it may embed the stream: a click that a frame around it steals can at most begin to play. An address may hold
  /// a token, so the browser tells no other site the address.
  private static let headers = headers(ancestors: "*", devices: "")

  /// The header fields of the files of the rooms and of the studio. Only pages of this station may embed a room, where a
  /// click can do more than play. A call uses the camera and the microphone.
  private static let roomHeaders = headers(ancestors: "'self'", devices: "self")

  private static func headers(ancestors: String, devices: String) -> [(name: String, value: String)] {
    [
      (
        name: "Content-Security-Policy",
        value: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; "
          + "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors \(ancestors)"
      ),
      (name: "Permissions-Policy", value: "camera=(\(devices)), geolocation=(), microphone=(\(devices))"),
      (name: "Referrer-Policy", value: "no-referrer"),
    ]
  }

  /// A page, or the manifest of the page: a text that may show the names of the station.
  private struct Text {
    let content: String
    /// Unix time, seconds.
    let modified: Int
  }

  private var files: [String: Representation]
  /// The files with an address of the version, by their own paths.
  private var kept: [String: Representation] = [:]
  private let version: PageVersion
  /// The texts among the files, by their paths.
  private var texts: [String: Text] = [:]

  /// Reads every file below `directory`; `index.html` must be there.
  init(directory: String) throws(SystemError) {
    let content = try Self.read(Folder(directory), below: "/")
    version = PageVersion(of: content.map { ($0.path, $0.content) })
    files = [:]
    let paths = Set(content.map(\.path))
    // A page changes with each of the files whose addresses the page names.
    let newest = content.map(\.modified).max() ?? 0
    for file in content {
      let (path, isPage) = (file.path, file.path.ends(with: ".html"))
      if isPage || path.ends(with: ".webmanifest"), let text = String(validating: file.content, as: UTF8.self) {
        texts[path] = Text(
          content: isPage ? version.applied(to: text, at: path, isFile: paths.contains) : text,
          modified: isPage ? newest : file.modified)
        files[path] = page(path, for: .all, at: newest) { _ in nil }
        continue
      }
      let representation = Self.representation(of: file.content, at: path, for: .all, modified: file.modified)
      files[path] = representation
      if PageVersion.covers(path) {
        kept[path] = representation.cached(by: Audience(caches: .all, crossOrigin: []).unlimited)
      }
    }
    guard let index = files["/index.html"] else {
      throw SystemError(call: "open", code: ENOENT, subject: "\(directory)/index.html")
    }
    files["/"] = index
  }

  /// The same files, with other texts in the place of some pages.
  /// - Parameters:
  ///   - caches: the caches that may keep the pages.
  ///   - now: Unix time in seconds.
  ///   - change: the new text of a page; nil where the page stays.
  func changed(
    for caches: Audience.Caches, at now: Int, by change: (_ path: String, _ text: String) -> String?
  ) -> StaticFiles {
    var changed = self
    for path in texts.keys {
      changed.files[path] = page(path, for: caches, at: now) { change(path, $0) }
    }
    changed.files["/"] = changed.files["/index.html"]
    return changed
  }

  /// A page with another text; nil where there is no page of this path.
  func page(
    _ path: String, for caches: Audience.Caches, at now: Int, changedBy change: (String) -> String?
  ) -> Representation? {
    guard let text = texts[path] else { return nil }
    let content = change(text.content)
    return Self.representation(
      of: Array((content ?? text.content).utf8), at: path, for: caches,
      // The settings may have changed since the file did.
      modified: content == nil ? text.modified : max(text.modified, now))
  }

  /// The page: in that folder, or else in `web` here, or else where it was installed beside the program.
  static func page(_ directory: String?) throws(InvalidInput) -> StaticFiles {
    let candidates = directory.map { [$0] } ?? ["web", installed]
    for candidate in candidates.dropLast() {
      if let files = try? StaticFiles(directory: candidate) { return files }
    }
    do {
      return try StaticFiles(directory: candidates.last!)
    } catch {
      throw InvalidInput(
        .webDirectory, candidates.joined(separator: " or "), "the page is not there: \(error)")
    }
  }

  /// `share/ringcast/web` beside the folder of the program (readlink(2), proc(5)).
  private static var installed: String {
    var path = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = path.withUnsafeMutableBytes { readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
    let program = String(decoding: path.prefix(max(0, count)), as: UTF8.self)
    let folders = program.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(folders)/share/ringcast/web"
  }

  /// - Parameter path: the file's own path, or the path with the folder of a version.
  func file(_ path: String) -> Representation? {
    guard let plain = PageVersion.plainPath(of: path) else { return files[path] }
    // A page of an earlier version gets the files of today. No cache keeps them under the old address.
    return version.isFolder(of: path) ? kept[plain] : PageVersion.covers(plain) ? files[plain] : nil
  }

  /// The first file, in alphabetical order, that has an address of a stream; nil where there is none.
  func file(claimedBy stream: StreamName) -> String? { files.keys.sorted().first(where: stream.claims) }

  /// A file as it is on the disk.
  private struct Content {
    let path: String
    let content: [UInt8]
    /// Unix time, seconds.
    let modified: Int
  }

  private static func read(_ folder: Folder, below path: String) throws(SystemError) -> [Content] {
    var found: [Content] = []
    for name in try folder.files() where !name.begins(with: ".") {
      found.append(
        Content(path: path + name, content: try folder.read(name), modified: try folder.modified(name)))
    }
    for name in try folder.folders() where !name.begins(with: ".") {
      found += try read(Folder("\(folder.path)/\(name)"), below: "\(path)\(name)/")
    }
    return found
  }

  private static func representation(
    of content: [UInt8], at path: String, for caches: Audience.Caches, modified: Int
  ) -> Representation {
    let type = MediaType(fileName: path.split(separator: "/").last.map(String.init) ?? "")
    return Representation(
      content, contentType: type.name,
      // Revalidated at each load, which the entity tag makes cheap: a new version of the page is seen at once; where
      // a cache is in front, in ten seconds.
      cacheControl: Audience(caches: caches, crossOrigin: []).anew(sharedFor: 10),
      validators: .init(lastModified: modified), features: type.isText ? .compressed : [],
      headers: RoomPath.contains(path) || StudioPath.contains(path) || UploadPath.contains(path) ? roomHeaders : headers
    )
  }
}
