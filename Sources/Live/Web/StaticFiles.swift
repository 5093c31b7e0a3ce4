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

  private let files: [String: Representation]

  /// Reads every file below `directory`; `index.html` must be there.
  init(directory: String) throws(SystemError) {
    var files: [String: Representation] = [:]
    try Self.read(Folder(directory), below: "/", into: &files)
    guard let index = files["/index.html"] else {
      throw SystemError(call: "open", code: ENOENT, subject: "\(directory)/index.html")
    }
    files["/"] = index
    self.files = files
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

  func file(_ path: String) -> Representation? { files[path] }

  /// The first file, in alphabetical order, that has an address of a stream; nil where there is none.
  func file(claimedBy stream: StreamName) -> String? { files.keys.sorted().first(where: stream.claims) }

  private static func read(
    _ folder: Folder, below path: String, into files: inout [String: Representation]
  ) throws(SystemError) {
    for name in try folder.files() where !name.hasPrefix(".") {
      let type = MediaType(fileName: name)
      files[path + name] = Representation(
        try folder.read(name), contentType: type.name,
        // Revalidated at each load, which the entity tag makes cheap: a new version of the page is seen at once; where
        // a cache is in front, in ten seconds.
        cacheControl: Audience(caches: .all, crossOrigin: []).anew(sharedFor: 10),
        validators: .init(lastModified: try folder.modified(name)), features: type.isText ? .compressed : [],
        headers: RoomPath.contains(path) || StudioPath.contains(path) ? Self.roomHeaders : Self.headers)
    }
    for name in try folder.folders() where !name.hasPrefix(".") {
      try read(Folder("\(folder.path)/\(name)"), below: "\(path)\(name)/", into: &files)
    }
  }
}
