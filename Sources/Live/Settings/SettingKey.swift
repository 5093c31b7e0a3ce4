/// A setting, by its name in a configuration file. The command line has its own spelling of the same names.
package enum SettingKey: String, CaseIterable, Sendable {
  case source, loop, shuffle, fallback, channels, bitrate, burst, host, port, threads, user, record, rooms, webhook,
    camera, logo
  case rawFormat = "raw-format"
  case rawRate = "raw-rate"
  case rawChannels = "raw-channels"
  case inputChannels = "input-channels"
  case sourcePasswordFile = "source-password-file"
  case sourceTakeover = "source-takeover"
  case exitAtEnd = "exit-at-end"
  case silenceAlarm = "silence-alarm"
  case onSilence = "on-silence"
  case underVoice = "under-voice"
  case blockSize = "block-size"
  case metadataFile = "metadata-file"
  case sampleRate = "sample-rate"
  case segmentLength = "segment-length"
  case partLength = "part-length"
  case chunkLength = "chunk-length"
  case promptChunk = "prompt-chunk"
  case ringSize = "ring-size"
  case soundDirectory = "sound-dir"
  case maxLag = "max-lag"
  case icyEncoding = "icy-encoding"
  case maxListeners = "max-listeners"
  case maxPerAddress = "max-per-address"
  case headerTimeout = "header-timeout"
  case idleTimeout = "idle-timeout"
  case requestMemory = "request-memory"
  case webDirectory = "web-dir"
  case tlsCertificate = "tls-cert"
  case tlsKey = "tls-key"
  case tlsSelf = "tls-self"
  case tlsPort = "tls-port"
  case listenToken = "listen-token"
  case listenTokenFile = "listen-token-file"
  case allowHost = "allow-host"
  case allowOrigin = "allow-origin"
  case trustedProxy = "trusted-proxy"
  case adminPort = "admin-port"
  case adminHost = "admin-host"
  case adminToken = "admin-token"
  case adminTokenFile = "admin-token-file"
  case uploads
  case uploadMaxSize = "upload-max-size"
  case uploadMaxCount = "upload-max-count"
  case uploadQuota = "upload-quota"
  case uploadFormats = "upload-formats"
  case uploadTokenFile = "upload-token-file"
  case uploadOpen = "upload-open"
  case uploadPublish = "upload-publish"
  case webhookFormat = "webhook-format"
  case webhookSecretFile = "webhook-secret-file"
  case recordLength = "record-length"
  case recordKeep = "record-keep"
  case streamRoom = "stream-room"
  case roomOpen = "room-open"
  case inviteKeyFile = "invite-key-file"
  case roomHistory = "room-history"
  case maxRooms = "max-rooms"
  case maxMembers = "max-members"
  case roomRate = "room-rate"
  case roomMessage = "room-message"
  case roomCalls = "room-calls"
  case iceServer = "ice-server"
  case iceSecretFile = "ice-secret-file"
  case logLevel = "log-level"
  case logFormat = "log-format"
  case accessLog = "access-log"
}

/// A text that names settings. The reader of the text chooses how a setting is spelled: `ring-size` in a configuration
/// file, `--ring-size` on the command line.
package struct SettingText: Equatable, Sendable, ExpressibleByStringInterpolation {
  fileprivate enum Piece: Equatable, Sendable {
    case text(String)
    case setting(SettingKey)
  }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var pieces: [Piece] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}
    package mutating func appendLiteral(_ literal: String) { pieces.append(.text(literal)) }
    package mutating func appendInterpolation(_ key: SettingKey) { pieces.append(.setting(key)) }
    package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      pieces.append(.text(value.description))
    }
  }

  private let pieces: [Piece]

  package init(_ text: String) { pieces = [.text(text)] }
  package init(stringLiteral text: String) { self.init(text) }
  package init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

  /// - Parameter spelling: how the reader spells a setting.
  package func text(_ spelling: (SettingKey) -> String) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .setting(let key): spelling(key)
      }
    }.joined()
  }
}

/// The reader's spelling of a setting's name.
package typealias SettingSpelling = @Sendable (SettingKey) -> String
