import Glibc
import HTTP
package import Logging
import System

/// Opens the things that a start opens, without a start: `--check-config`. A station that runs meanwhile is not disturbed:
/// no capture device is opened, and no file is written.
package struct StationCheck {
  private let settings: StationSettings
  private let log: Log
  /// One line for each thing that would keep the station from starting or from writing.
  package private(set) var faults: [String] = []
  /// One line for each address that a program uses already: that program may be the station that is to be restarted.
  package private(set) var notes: [String] = []

  /// - Parameter log: gets the warnings of a start.
  package init(_ settings: StationSettings, log: Log) {
    (self.settings, self.log) = (settings, log)
  }

  /// Checks the files that a start reads with the rights that it begins with, and the addresses.
  package mutating func checkInputs() {
    let (settings, log) = (settings, log)
    check { () throws(InvalidInput) in _ = try StationInputs.page(settings) }
    check { () throws(InvalidInput) in _ = try Faces(settings) }
    check { () throws(InvalidInput) in try StationInputs.configuration(settings)?.checkWriters() }
    check { () throws(InvalidInput) in _ = try ListenerGates(settings, awaited: nil, log: log) }
    check { () throws(InvalidInput) in _ = try OperatorGate.tokens(settings.operators, log: log) }
    check { () throws(InvalidInput) in _ = try CertificateFiles(settings.endpoints)?.read(log: log) }
    check { () throws(InvalidInput) in _ = try OwnCertificate.key(settings, log: log) }
    if let rooms = settings.rooms { check { () throws(InvalidInput) in _ = try CallServers(rooms, log: log) } }
    check { () throws(InvalidInput) in _ = try SourceClients(settings, log: log) }
    checkInviteKey()
    check { () throws(InvalidInput) in _ = try WebhookSignature(settings.webhooks, log: log) }
    StationInputs.configuration(settings)?.warnOfReaders(log)
    checkAddress(settings.endpoints.host, settings.endpoints.port)
    if let port = settings.endpoints.tlsPort { checkAddress(settings.endpoints.host, port) }
    if let port = settings.operators.port {
      checkAddress(settings.operators.host ?? BoundPorts.operatorsHost, port)
    }
  }

  /// Checks the files that a start opens with the rights that it keeps.
  package mutating func checkFiles() {
    for stream in settings.streams {
      for name in stream.heardStreams where !settings.streams.contains(where: { $0.name == name }) {
        log.warning("stream:\(name): there is no stream \(name), and so no sound of \(name)")
      }
      if let path = stream.sourcePasswordFile, stream.source != .icecast {
        check { () throws(InvalidInput) in _ = try RelayAccess.read(path) }
      }
      for file in Self.files(of: stream) {
        if let invalid = file.fault { add(settings.naming(stream, in: invalid)) }
      }
    }
    guard let path = settings.logging.accessLog, path != "-" else { return }
    if let invalid = CheckedFile(path, of: .accessLog, use: .write).fault { add(invalid) }
  }

  /// Adds a fault that was found elsewhere.
  package mutating func add(_ fault: InvalidInput) {
    faults.append(fault.text(settings.spelling))
  }

  private mutating func check(_ step: () throws(InvalidInput) -> Void) {
    do {
      try step()
    } catch {
      add(error)
    }
  }

  private mutating func checkInviteKey() {
    do {
      guard try InviteKey.read(settings, log: log) == nil, let path = settings.rooms?.inviteKeyFile else { return }
      if let invalid = CheckedFile(path, of: .inviteKeyFile, use: .write).fault { add(invalid) }
    } catch {
      add(error)
    }
  }

  private mutating func checkAddress(_ host: String, _ port: UInt16) {
    do {
      try ListenSocket(host: host, port: port).close()
    } catch {
      if error.isInUse { notes.append("\(error)") } else { faults.append("\(error)") }
    }
  }

  private static func files(of stream: StreamSettings) -> [CheckedFile] {
    var files = [CheckedFile("\(stream.soundDirectory)/\(stream.name)", of: .soundDirectory, use: .makeFiles)]
    if let path = stream.recordDirectory { files.append(CheckedFile(path, of: .record, use: .makeFiles)) }
    if case .file(let path) = stream.source { files.append(CheckedFile(path, of: .source, use: .read)) }
    for case .file(let path) in stream.fallbacks { files.append(CheckedFile(path, of: .fallback, use: .read)) }
    return files
  }
}
