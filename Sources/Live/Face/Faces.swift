import System

/// The logo and the accent that people see of a station or a stream.
struct Face: Equatable, Sendable {
  var logo: Logo?
  var accent: Accent?
}

/// The faces of a station and of its streams, read from the files of the logos. A stream has the station's logo and accent,
/// unless it has its own.
struct Faces: Equatable, Sendable {
  let station: Face
  let streams: [StreamName: Face]

  /// - Throws: the setting with the file that is missing, too long, or no picture of these formats.
  init(_ settings: StationSettings) throws(InvalidInput) {
    let station = Face(logo: try Self.logo(settings.identity.logo), accent: settings.identity.accent)
    var streams: [StreamName: Face] = [:]
    for stream in settings.streams {
      do throws(InvalidInput) {
        let own = try Self.logo(stream.identity.logo)
        streams[stream.name] = Face(logo: own ?? station.logo, accent: stream.identity.accent ?? station.accent)
      } catch {
        throw settings.naming(stream, in: error)
      }
    }
    (self.station, self.streams) = (station, streams)
  }

  /// Whether the logo of a stream is not that of the station.
  func hasOwnLogo(_ stream: StreamName) -> Bool { streams[stream]?.logo != station.logo }

  private static func logo(_ path: String?) throws(InvalidInput) -> Logo? {
    guard let path else { return nil }
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try File.read(path, atMost: Logo.longest)
    } catch {
      throw InvalidInput(.logo, path, SettingText(error.reason))
    }
    guard let logo = Logo(bytes) else {
      throw InvalidInput(.logo, path, "it must be a picture: PNG, JPEG or SVG in UTF-8")
    }
    return logo
  }
}
