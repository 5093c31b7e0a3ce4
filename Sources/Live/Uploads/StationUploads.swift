import Core
import Logging
import System

/// The uploads of a station, from their settings.
struct StationUploads: Sendable {
  let handlers: UploadHandlers
  /// The tokens that let people upload; nil where the settings name none.
  let tokens: TokenGate?
  private let store: UploadStore
  private let copies: CopyMaker?

  /// Everything of the station that uploads use.
  struct Surroundings: Sendable {
    let streams: StreamDirectory
    let gates: Gates
    let pages: StaticFiles
    let sources: SourceClients
    let library: RecordingLibrary
    let isInvite: @Sendable (String) -> Bool
    /// Asks held requests again.
    let wake: @Sendable () -> Void
  }

  /// - Parameter inputs: what was read before the ports were bound.
  init(_ inputs: UploadInputs, in surroundings: Surroundings, log: Log) {
    (store, tokens) = (inputs.store, inputs.tokens)
    let (library, wake) = (surroundings.library, surroundings.wake)
    copies = CopyMaker(for: store, log: log)
    log.info(
      "uploads: the directory is \(store.folder.path); "
        + (copies == nil ? "without ffmpeg, the originals are served" : "ffmpeg makes copies that play everywhere"))
    let access = UploadAccess(
      store.settings, surroundings.gates, tokens: tokens, streams: surroundings.streams, isInvite: surroundings.isInvite
    )
    handlers = UploadHandlers(
      store: store, files: UploadFiles(store, onOpen: wake), pages: surroundings.pages, access: access,
      air: UploadAir(sources: surroundings.sources, log: log))
    copies?.start()
    store.start(
      // Weakly: the store keeps this closure.
      onChange: { [weak store, list = handlers.operatorsUploads] in
        let uploads = (store?.all ?? []).map { ListedUpload($0) }.sorted { ($0.start, $0.id) > ($1.start, $1.id) }
        list.replace(by: JSON.array(uploads.map(\.json)).text)
        library.set(uploads: uploads.filter(\.isSent))
        wake()
      },
      onReceived: { [copies] in copies?.post($0) })
  }

  func stop() {
    copies?.stop()
    store.stop()
  }
}

/// What a station with uploads reads at its start.
struct UploadInputs: Sendable {
  let store: UploadStore
  let tokens: TokenGate?

  /// - Returns: nil where nobody may upload.
  init?(_ settings: UploadSettings, awaited: AwaitedTokens, log: Log) throws(InvalidInput) {
    guard let directory = settings.directory else { return nil }
    if let file = settings.tokenFile {
      if MissingFile.reason(file) != nil {
        let gate = TokenGate(.uploads, single: nil, waitingFor: file, log: log)
        awaited.add(gate)
        tokens = gate
      } else {
        tokens = try TokenGate(.uploads, single: nil, file: file, log: log)
      }
    } else {
      tokens = nil
    }
    store = try UploadStore(settings, in: directory, log: log)
  }
}
