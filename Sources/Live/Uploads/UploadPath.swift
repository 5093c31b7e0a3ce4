import Core
import HTTP
import Uploads

/// The meaning of a request for a path of the uploads.
enum UploadPath: Equatable {
  /// `/record` or `/record/`
  case page
  /// `/record.json`: what the visitor may do.
  case rights
  /// `POST /upload-audio`, with the status of the answer to a whole upload, and `POST /recordings`.
  case form(status: Int)
  /// `/recordings/uploads/KEY`: a sound in pieces.
  case pieces(UploadKey)
  /// `/recordings/uploads.json`, for operators.
  case operatorList
  /// `/recordings/FILE`, the original or the copy.
  case file(UploadName, String)
  /// `/recordings/ID/publish` and the like, for operators.
  case control(UploadName, Control)

  enum Control: String {
    case publish, hide, remove, air
  }

  /// Nil for a request that is for none of these.
  init?(_ request: Request) { self.init(request.path, isPost: request.method == .other("POST")) }

  init?(_ path: String, isPost: Bool) {
    switch path {
    case "/record", "/record/": self = .page
    case "/record.json": self = .rights
    case "/recordings/uploads.json": self = .operatorList
    case "/upload-audio": self = .form(status: 200)
    case "/recordings" where isPost, "/recordings/" where isPost: self = .form(status: 201)
    default:
      guard path.begins(with: "/recordings/") else { return nil }
      let parts = path.dropFirst("/recordings/".count).split(separator: "/", omittingEmptySubsequences: false)
      if parts.count == 2, parts[0] == "uploads", let key = UploadKey(parts[1]) {
        self = .pieces(key)
      } else if parts.count == 2, let name = UploadName(id: parts[0]), let control = Control(rawValue: String(parts[1]))
      {
        self = .control(name, control)
      } else if parts.count == 1, let dot = parts[0].firstIndex(of: "."), let name = UploadName(id: parts[0][..<dot]) {
        self = .file(name, String(parts[0]))
      } else {
        return nil
      }
    }
  }

  /// Whether a path is one of the page for recording, or of its files. Such a path means nothing where there are no uploads.
  static func contains(_ path: String) -> Bool { path == "/record" || path.begins(with: "/record/") }
}
