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
    page = try StaticFiles.page(settings.endpoints.webDirectory)
    for stream in settings.streams {
      guard let file = page.file(claimedBy: stream.name) else { continue }
      throw InvalidInput(
        "stream", stream.name.text, "its addresses must not be those of a file of the page, here \(file)")
    }
    listenTokens = try TokenGate(settings.access)
    operatorTokens = try OperatorGate.tokens(settings.operators)
    certificateFiles = CertificateFiles(settings.endpoints)
    certificate = try certificateFiles?.read(log: log)
  }
}
