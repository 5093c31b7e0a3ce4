import HTTP
import Logging
import System

/// The files that a station reads before it binds a port: the page, the tokens, the certificate.
struct StationInputs {
  let page: StaticFiles
  let faces: Faces
  let listenTokens: ListenerGates
  /// The operators' tokens that the settings name; nil where they name none.
  let operatorTokens: TokenGate?
  let certificateFiles: CertificateFiles?
  let certificate: Certificate?
  /// Nil where the files of the certificate can be read, and where there are none.
  let awaitedCertificate: AwaitedCertificate?
  /// The key of the certificate that the station makes; nil where the key is yet to be made, and where the station makes none.
  let ownKey: PrivateKey?
  /// The STUN and TURN servers for calls: none where the station has no rooms.
  let callServers: CallServers
  /// Nil where the station has no rooms, and where the key is to be made in the sound directory.
  let inviteKey: InviteKey?
  /// Nil where the events of the station are not signed.
  let webhookSignature: WebhookSignature?
  let sources: SourceClients
  /// The token files that are tried again.
  let awaited: AwaitedTokens

  /// - Throws: `InvalidInput` for a setting that is wrong. A token file, a certificate or a key that cannot be opened now is
  ///   awaited.
  init(_ settings: StationSettings, log: Log) throws {
    page = try Self.page(settings)
    faces = try Faces(settings)
    let configuration = Self.configuration(settings)
    try configuration?.checkWriters()
    awaited = AwaitedTokens(spelling: settings.spelling, log: log)
    listenTokens = try ListenerGates(settings, awaited: awaited, log: log)
    if let file = settings.operators.tokenFile, MissingFile.reason(file) != nil {
      let gate = TokenGate(.operators, single: settings.operators.token, waitingFor: file, log: log)
      awaited.add(gate)
      operatorTokens = gate
    } else {
      operatorTokens = try OperatorGate.tokens(settings.operators, log: log)
    }
    certificateFiles = CertificateFiles(settings.endpoints)
    awaitedCertificate = try certificateFiles.flatMap { try AwaitedCertificate($0, settings, log: log) }
    certificate = try awaitedCertificate?.standIn ?? certificateFiles?.read(log: log)
    ownKey = try OwnCertificate.key(settings, log: log)
    callServers = try CallServers(settings.rooms ?? RoomSettings(), log: log)
    inviteKey = try Self.inviteKey(settings, log: log)
    webhookSignature = try WebhookSignature(settings.webhooks, log: log)
    sources = try SourceClients(settings, log: log)
    configuration?.warnOfReaders(log)
  }

  /// The key that a file has, or a new key in the file that the settings name.
  private static func inviteKey(_ settings: StationSettings, log: Log) throws(InvalidInput) -> InviteKey? {
    if let key = try InviteKey.read(settings, log: log) { return key }
    guard let path = settings.rooms?.inviteKeyFile else { return nil }
    do {
      return try InviteKey.make(settings, log: log)
    } catch {
      throw InvalidInput(.inviteKeyFile, path, SettingText(error.reason))
    }
  }

  /// The key of the invites. A key that is to be made in the sound directory needs that directory.
  func inviteKey(_ settings: StationSettings, log: Log) -> InviteKey? {
    if settings.rooms == nil || inviteKey != nil { return inviteKey }
    do {
      return try InviteKey.make(settings, log: log)
    } catch {
      log.warning("rooms: \(error); the invites are good until this run ends")
      return .temporary
    }
  }

  static func page(_ settings: StationSettings) throws(InvalidInput) -> StaticFiles {
    let page = try StaticFiles.page(settings.endpoints.webDirectory)
    try checkNames(settings, page)
    return page
  }

  /// Checks that no file of the page has an address of a stream.
  static func checkNames(_ settings: StationSettings, _ page: StaticFiles) throws(InvalidInput) {
    for stream in settings.streams {
      guard let file = page.file(claimedBy: stream.name) else { continue }
      throw InvalidInput(
        "stream", stream.name.text, "its addresses must not be those of a file of the page, here \(file)")
    }
  }

  /// The configuration file, if it holds a token.
  static func configuration(_ settings: StationSettings) -> SecretFile? {
    settings.configurationWithSecrets.map { SecretFile($0, named: "--config") }
  }
}
