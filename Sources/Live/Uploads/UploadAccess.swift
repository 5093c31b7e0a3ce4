import HTTP
import Rooms

/// The rights that a request shows for uploads. Any thread may ask.
struct UploadAccess: Sendable {
  private let settings: UploadSettings
  private let gates: Gates
  /// The tokens that let people upload; nil where the settings name none.
  private let tokens: TokenGate?
  private let streams: StreamDirectory
  /// Whether a text is the invite of a talker or a host, which is good now.
  private let isInvite: @Sendable (String) -> Bool

  init(
    _ settings: UploadSettings, _ gates: Gates, tokens: TokenGate?, streams: StreamDirectory,
    isInvite: @escaping @Sendable (String) -> Bool
  ) {
    (self.settings, self.gates, self.tokens) = (settings, gates, tokens)
    (self.streams, self.isInvite) = (streams, isInvite)
  }

  /// Operators may, and people with a token of `--upload-token-file` or an invite to talk; with `--upload-open`, anybody may.
  func mayUpload(_ request: Request) -> Bool {
    settings.isOpen || gates.operators.knows(request) || pass(of: request) != nil
      || invite(of: request).map(isInvite) ?? false
  }

  /// Whether a request shows a right to listen to a stream, and so to what is published.
  func mayListen(_ request: Request) -> Bool {
    streams.now.entries.contains {
      gates.listeners.passAmongOthers(for: request, listeningTo: $0.name, port: gates.port) != nil
    }
  }

  /// The uploads that a request sees.
  func shown(to request: Request) -> RecordingLibrary.ShownUploads {
    mayUpload(request) ? .all : mayListen(request) ? .published : .none
  }

  /// The header fields by which a browser keeps a token from the query.
  func cookie(for request: Request) -> [(name: String, value: String)] {
    if let pass = gates.operators.pass(for: request) { return gates.operators.keeping(pass, for: request) }
    guard let tokens, let pass = pass(of: request) else { return [] }
    return tokens.keeping(pass, for: request, port: gates.port)
  }

  /// - Parameter changes: whether the request would change something.
  func refusal(ofOperator request: Request, through endpoint: Endpoint, changes: Bool = true) -> Response? {
    if case .refused(let refusal) = gates.operators.verdict(for: request, through: endpoint, changes: changes) {
      return refusal.response(gates.spelling)
    }
    return nil
  }

  func isOperator(_ request: Request) -> Bool { gates.operators.knows(request) }

  private func pass(of request: Request) -> TokenGate.Pass? {
    tokens?.pass(for: request, to: .listen(to: .live), port: gates.port)
  }

  private func invite(of request: Request) -> String? {
    if let invite = request.header("Ringcast-Invite") { return invite }
    guard case .bearer(let text) = request.header("Authorization").flatMap({ Authorization($0) }) else { return nil }
    return text
  }
}

extension TokenGate.Source {
  /// The cookie of a stream begins with `ringcast-`: no stream has this one.
  static let uploads = TokenGate.Source(single: .uploadTokenFile, file: .uploadTokenFile, cookie: "ringcast_upload")
}
