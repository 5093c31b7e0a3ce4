import Core
import Glibc
import HTTP
import System
import Uploads

/// The reason why an upload is refused.
enum UploadFailure: Error, Equatable {
  case noFile
  case malformed(FormParser.Malformed)
  /// - Parameter limit: bytes.
  case tooLarge(limit: Int)
  case wrongType(Set<SoundFormat>)
  /// - Parameter reason: says which limit of the station is reached.
  case full(reason: String)
  /// One address has begun too many sounds.
  case tooMany
  case disk(SystemError)
  /// The next byte that the station wants is another one.
  case offset(Int)

  var status: Int {
    switch self {
    case .noFile, .malformed: 400
    case .tooLarge: 413
    case .wrongType: 415
    case .full: 507
    // RFC 6585 §4, "429 Too Many Requests".
    case .tooMany: 429
    // RFC 4918 §11.5, "507 Insufficient Storage".
    case .disk(let error): [ENOSPC, EDQUOT, EFBIG].contains(error.code) ? 507 : 500
    case .offset: 409
    }
  }

  var message: String {
    switch self {
    case .noFile: "the form has no file in a field audio"
    case .malformed(let reason): reason.description
    case .tooLarge(let limit): "an upload has at most \(limit) bytes"
    case .wrongType(let formats):
      "the file is no sound in one of these formats: \(formats.map(\.rawValue).sorted().joined(separator: ", "))"
    case .full(let reason): reason
    case .tooMany: "your address has begun \(UploadStore.mostOfAddress) sounds, and must finish one first"
    case .disk: status == 507 ? "the disk is full" : "the disk is in trouble"
    case .offset(let offset): "the next byte is number \(offset)"
    }
  }

  var response: Response {
    var members: [(String, JSON)] = [("status", .string("error")), ("message", .string(message))]
    if case .offset(let offset) = self { members.append(("offset", .number(offset))) }
    return .json(JSON.object(members).text, status: status)
  }
}

extension Response {
  /// A refusal in plain text, as JSON.
  static func uploadError(_ refusal: Response) -> Response {
    let text = String(decoding: refusal.content.filter { $0 != 0x0A }, as: UTF8.self)
    return uploadError(refusal.status, text, refusal.headers.filter { $0.name == "WWW-Authenticate" })
  }

  static func uploadError(_ status: Int, _ message: String, _ headers: [(name: String, value: String)] = []) -> Response
  {
    .json(JSON.object([("status", .string("error")), ("message", .string(message))]).text, status: status).adding(
      headers)
  }
}
