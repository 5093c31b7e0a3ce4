import HTTP
import Logging

/// The files that a station reads before it binds a port: the page, the tokens, the certificate.
struct StationInputs {
  let page: StaticFiles
  let listenTokens: TokenGate
  /// The operators' tokens that the settings name; nil where they name none.
  let operatorTokens: TokenGate?
  let certificateFiles: CertificateFiles?
  let certificate: Certificate?

  init(_ settings: StationSettings, log: Log) throws(InvalidInput) {
    page = try Self.page(settings)
    let configuration = Self.configuration(settings)
    try configuration?.checkWriters()
    listenTokens = try TokenGate(settings.access, log: log)
    operatorTokens = try OperatorGate.tokens(settings.operators, log: log)
    certificateFiles = CertificateFiles(settings.endpoints)
    certificate = try certificateFiles?.read(log: log)
    configuration?.warnOfReaders(log)
  }

  static func page(_ settings: StationSettings) throws(InvalidInput) -> StaticFiles {
    let page = try StaticFiles.page(settings.endpoints.webDirectory)
    for stream in settings.streams {
      guard let file = page.file(claimedBy: stream.name) else { continue }
      throw InvalidInput(
        "stream", stream.name.text, "its addresses must not be those of a file of the page, here \(file)")
    }
    return page
  }

  /// The configuration file, if it holds a token.
  static func configuration(_ settings: StationSettings) -> SecretFile? {
    settings.configurationWithSecrets.map { SecretFile($0, named: "--config") }
  }
}
