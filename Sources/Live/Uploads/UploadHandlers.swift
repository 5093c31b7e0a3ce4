import Core
import HTTP
import System
import Uploads

/// Answers the requests for uploads.
struct UploadHandlers: Sendable {
  /// The longest wait for a disk.
  private static let longestWait = Duration.seconds(30)
  private static let mostContent = 4096

  let store: UploadStore
  let files: UploadFiles
  let pages: StaticFiles
  let access: UploadAccess
  let air: UploadAir
  /// The list for operators, which the thread of the files makes.
  let operatorsUploads = Replaceable("[]")

  private var settings: UploadSettings { store.settings }

  /// - Parameter waited: the time since the request was held first.
  func reply(to request: Request, for path: UploadPath, through endpoint: Endpoint, waited: Duration) -> Reply {
    if case .control(let name, let control) = path { return operate(request, control, of: name, through: endpoint) }
    if case .operatorList = path { return .respond(operatorList(request, through: endpoint)) }
    if case .file(let name, let file) = path, endpoint == .operators {
      if let refusal = access.refusal(ofOperator: request, through: endpoint, changes: false) {
        return .respond(refusal)
      }
      return self.file(file, of: name, request, sees: { _ in true }, waited: waited)
    }
    guard endpoint == .listeners else { return .respond(.notFound) }
    let changes = ![.get, .head, .options].contains(request.method)
    if changes, request.isOfAnotherPage {
      return .respond(.uploadError(403, "only a page of this station may upload"))
    }
    switch path {
    case .page: return .respond(pages.file("/record/record.html")?.response(to: request) ?? .notFound)
    case .rights: return .respond(rights(request))
    case .file(let name, let file):
      guard access.mayListen(request) || access.mayUpload(request) else {
        return .respond(request.method == .options ? .options : .unauthorized(for: request))
      }
      let (seesAll, isOperator) = (access.shown(to: request) == .all, access.isOperator(request))
      return self.file(
        file, of: name, request, sees: { $0.isSent ? seesAll || $0.isPublished : isOperator }, waited: waited)
    case .form(let status): return form(request, status: status)
    case .pieces(let key): return pieces(request, key, waited: waited)
    case .control, .operatorList: return .respond(.notFound)
    }
  }

  /// What the visitor may do.
  private func rights(_ request: Request) -> Response {
    guard request.method == .get || request.method == .head else { return .methodNotAllowed }
    return .json(
      JSON.object([
        ("mayUpload", .bool(access.mayUpload(request))), ("maxSize", .number(settings.maxSize)),
        ("formats", .array(settings.formats.map(\.rawValue).sorted().map { .string($0) })),
        ("published", .bool(settings.publishes)),
      ]).text
    ).adding(access.cookie(for: request))
  }

  /// The answer to a request without the right to upload.
  private static let refusal = Response.uploadError(
    401, "a token or an invite is needed", [(name: "WWW-Authenticate", value: "Bearer realm=\"ringcast\"")])

  // A form

  private func form(_ request: Request, status: Int) -> Reply {
    if request.method == .options {
      return .respond(Response(status: 204, headers: [(name: "Allow", value: "POST, OPTIONS")]))
    }
    guard request.method == .other("POST") else { return .respond(.methodNotAllowed(but: "POST, OPTIONS")) }
    guard access.mayUpload(request) else { return .respond(Self.refusal) }
    guard request.content == nil else { return .respond(UploadFailure.noFile.response) }
    guard let boundary = request.header("Content-Type").flatMap({ FormBoundary($0) }) else {
      return .respond(.uploadError(415, "the content must be multipart/form-data with a boundary"))
    }
    do throws(UploadFailure) {
      if let length = request.header("Content-Length").flatMap({ Int($0) }),
        length > settings.maxSize + UploadForm.mostBeside
      {
        throw .tooLarge(limit: settings.maxSize)
      }
      try store.admitForm()
      return .receive(FormReceiver(boundary, to: store) { Self.answer($0, status: status) })
    } catch {
      return .respond(error.response)
    }
  }

  private static func answer(_ upload: Upload, status: Int) -> Response {
    let url = "/recordings/\(upload.original)"
    return .json(
      JSON.object([
        ("status", .string("success")), ("message", .string("the upload is stored")),
        ("filename", .string(upload.original)),
        ("id", .string(upload.name.id)), ("url", .string(url)),
      ]).text, status: status
    ).adding([(name: "Location", value: url)])
  }

  // A sound in pieces

  private func pieces(_ request: Request, _ key: UploadKey, waited: Duration) -> Reply {
    guard access.mayUpload(request) else { return .respond(Self.refusal) }
    switch request.method {
    case .get, .head: return .respond(state(of: key))
    case .put: return put(request, key)
    case .other("POST"): return finish(request, key, waited: waited)
    case .other("DELETE"):
      if store[key]?.isSent == true { return .respond(.uploadError(409, "the sound is sent")) }
      store.post { [store, files] in
        if let upload = store[key], !upload.isSent { files.forget(all: upload) }
        store.drop(key)
      }
      return .respond(Response(status: 204, headers: [(name: "Cache-Control", value: "no-store")]))
    case .options, .other: return .respond(.methodNotAllowed(but: "GET, HEAD, PUT, POST, DELETE"))
    }
  }

  /// How much of a sound is here, and how far its copy is.
  private func state(of key: UploadKey) -> Response {
    if let upload = store[key] {
      var members: [(String, JSON)] = [
        ("offset", .number(upload.size)), ("complete", .bool(true)), ("sent", .bool(upload.isSent)),
        ("state", .string(upload.state)),
        ("filename", .string(upload.original)), ("url", .string("/recordings/\(upload.served.file)")),
      ]
      if case .making(let percent) = upload.copy { members.append(("progress", .decimal(ListedUpload.share(percent)))) }
      return .json(JSON.object(members).text)
    }
    guard let partial = store.partial(key) else { return .uploadError(404, "nothing has come under this key") }
    store.touch(key)
    return .json(JSON.object([("offset", .number(partial.size)), ("complete", .bool(false))]).text)
  }

  private func put(_ request: Request, _ key: UploadKey) -> Reply {
    guard let text = request.query.first(where: { $0.name == "offset" })?.value, let offset = Int(text), offset >= 0,
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return .respond(.uploadError(400, "?offset=NUMBER must say how many bytes come before these")) }
    do throws(UploadFailure) {
      if let length = request.header("Content-Length").flatMap({ Int($0) }), length > settings.maxSize - offset {
        throw .tooLarge(limit: settings.maxSize)
      }
      let generation = try store.begin(key, at: offset, from: request.client.address)
      if request.content != nil { return .respond(PieceReceiver.answer(offset)) }
      return .receive(PieceReceiver(key, to: store, at: offset, in: generation, from: request.client.address))
    } catch {
      return .respond(error.response)
    }
  }

  private func finish(_ request: Request, _ key: UploadKey, waited: Duration) -> Reply {
    let upload = store[key]
    if let upload, upload.isSent { return .respond(Self.answer(upload, status: 201)) }
    guard let content = request.content else { return .content(atMost: Self.mostContent) }
    let partial = store.partial(key)
    if upload == nil, partial == nil { return .respond(.uploadError(404, "nothing has come under this key")) }
    // A request that was held asks for the outcome; a new one tries again.
    if waited > .zero, let partial, !partial.isFinishing, let failure = partial.failure {
      return .respond(failure.response)
    }
    var title: UploadTitle?
    if !content.isEmpty {
      guard case .object(let members)? = try? JSON(content), members.allSatisfy({ $0.0 == "name" }) else {
        return .respond(.uploadError(400, "the content must be {\"name\": \"…\"}"))
      }
      if case .string(let name)? = members.first?.1 { title = UploadTitle(name) }
    }
    if waited > Self.longestWait {
      return .respond(.uploadError(503, "the disk is in trouble", [(name: "Retry-After", value: "10")]))
    }
    store.finish(key, title: title)
    return .hold
  }

  // A file

  /// The file comes from outside: a browser must not take it for a page.
  private static let harmless = [
    (
      name: "Content-Security-Policy",
      value: "sandbox; default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
  ]

  /// - Parameter sees: whether the request may see an upload.
  private func file(
    _ file: String, of name: UploadName, _ request: Request, sees: (Upload) -> Bool, waited: Duration
  ) -> Reply {
    switch request.method {
    case .put, .other: return .respond(.methodNotAllowed)
    case .options: return .respond(.options)
    case .get, .head: break
    }
    guard let upload = store[name], sees(upload) else { return .respond(.notFound) }
    let type: String
    switch file {
    case upload.original: type = upload.format.mediaType
    case name.copy:
      guard case .ready = upload.copy else { return .respond(.notFound) }
      type = SoundFormat.mp3.mediaType
    default: return .respond(.notFound)
    }
    switch files.find(file) {
    case .file(let content):
      let title = Self.escaped(upload.title) + "." + (file == name.copy ? "mp3" : upload.format.ending)
      let representation = FileRepresentation(
        content, contentType: type, cacheControl: "private, no-cache",
        // RFC 6266 §4.1, RFC 8187 §3.2.
        headers: Self.harmless + [
          (
            name: "Content-Disposition", value: "inline; filename=\"\(file)\"; filename*=UTF-8''\(title)"
          )
        ])
      return .respond(representation.response(to: request).adding(access.cookie(for: request)))
    case .failed: return .respond(Self.busy)
    case .later: return waited < .seconds(10) ? .hold : .respond(Self.busy)
    }
  }

  private static let busy = Response.uploadError(503, "the disk is in trouble", [(name: "Retry-After", value: "10")])

  private static func escaped(_ text: String) -> String {
    text.utf8.reduce(into: "") { escaped, byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        escaped.unicodeScalars.append(Unicode.Scalar(byte))
      default: escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
  }

  // By hand

  /// All uploads, the newest first, and the streams on which one can be put on the air.
  private func operatorList(_ request: Request, through endpoint: Endpoint) -> Response {
    if let refusal = access.refusal(ofOperator: request, through: endpoint, changes: false) { return refusal }
    guard request.method == .get || request.method == .head else { return .methodNotAllowed }
    let streams = JSON.array(air.streams.map { .string($0.text) }).text
    return .json("{\"uploads\":\(operatorsUploads.value),\"streams\":\(streams)}").adding(access.cookie(for: request))
  }

  private func operate(
    _ request: Request, _ control: UploadPath.Control, of name: UploadName, through endpoint: Endpoint
  ) -> Reply {
    if request.isOfAnotherPage { return .respond(.ofAnotherPage) }
    if let refusal = access.refusal(ofOperator: request, through: endpoint) { return .respond(refusal) }
    guard request.method == .other("POST") else { return .respond(.methodNotAllowed(but: "POST")) }
    guard let upload = store[name] else { return .respond(.uploadError(404, "there is no such upload")) }
    if !upload.isSent, control != .remove {
      return .respond(.uploadError(409, "the author of the sound has not sent it"))
    }
    switch control {
    case .publish, .hide:
      store.post { [store] in store.change(name) { $0.isPublished = control == .publish } }
    case .remove:
      store.post { [store, files] in
        files.forget(all: upload)
        store.remove(name)
      }
    case .air:
      guard let stream = request.query.first(where: { $0.name == "stream" })?.value else {
        return .respond(.uploadError(400, "?stream=NAME must name the stream"))
      }
      if let failure = air.play(upload, from: store.folder, on: stream) { return .respond(failure) }
    }
    return .respond(.json(JSON.object([("status", .string("success"))]).text))
  }
}
