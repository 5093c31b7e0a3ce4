import Core
import Glibc
import HTTP

/// The files of the page, and the same files with the names of the station and its streams. The names are put in once: no
/// request does that.
struct StationPages: Sendable {
  /// The files as they are. They tell nothing of the station.
  let plain: StaticFiles
  /// The files with the names.
  let named: StaticFiles
  /// The player of each stream.
  private let players: [StreamName: AddressedPage]
  /// The front page and the station's page.
  private let addressed: [String: AddressedPage]
  let faces: Faces
  private let stationFace: FaceAnswers
  private let streamFaces: [StreamName: FaceAnswers]
  private let manifests: [StreamName: Representation]
  /// Whether `/` is the page of the station; else `/` is the player of the only stream.
  private let hasStationPage: Bool

  /// - Parameter isPrivate: whether some requests get the plain files. No cache keeps those. A shared cache may keep the pages with
  ///   the names: whoever puts one before a private port shows the station to everybody.
  init(_ files: StaticFiles, _ settings: StationSettings, _ faces: Faces, isPrivate: Bool) {
    let now = Int(time(nil))
    let names = StationNames(settings, faces)
    func addressed(_ path: String, _ change: @escaping @Sendable (String, PageAddress) -> String) -> AddressedPage? {
      guard files.file(path) != nil else { return nil }
      return AddressedPage { address in files.page(path, for: .all, at: now) { change($0, address) } }
    }
    players = Dictionary(
      uniqueKeysWithValues: settings.streams.compactMap { stream in
        addressed("/index.html") { names.head(of: stream).applied(to: $0, at: $1) }.map { (stream.name, $0) }
      })
    var pages: [String: AddressedPage] = [:]
    pages["/index.html"] = players[settings.streams[0].name]
    pages["/station.html"] = addressed("/station.html") { [streams = settings.streams] text, address in
      names.stationHead.applied(to: names.listing(streams, in: text), at: address)
    }
    self.addressed = pages
    self.faces = faces
    stationFace = FaceAnswers(faces.station, at: now)
    streamFaces = faces.streams.mapValues { FaceAnswers($0, at: now) }
    manifests = Dictionary(
      uniqueKeysWithValues: settings.streams.compactMap { stream in
        files.page("/ringcast.webmanifest", for: .all, at: now) { names.manifest($0, of: stream) }
          .map { (stream.name, $0) }
      })
    plain = isPrivate ? files.changed(for: .own, at: now) { _, _ in nil } : files
    named = files.changed(for: .all, at: now) { path, text in
      path.ends(with: ".html") ? names.head(ofPageAt: path).branded(text) : names.manifest(text)
    }
    hasStationPage = settings.streams.count > 1 && files.file("/station.html") != nil
  }

  /// The files for a request.
  /// - Parameter seesNames: whether the gates let the request see what the station is.
  func file(_ path: String, at address: PageAddress, seesNames: Bool) -> Representation? {
    guard seesNames else { return plain.file(path) }
    return addressed[path]?[address] ?? named.file(path)
  }

  /// The player of a stream, with the stream's names; nil where there is no such stream.
  func player(of stream: StreamName, at address: PageAddress) -> Representation? { players[stream]?[address] }

  /// - Parameter stream: nil is the station.
  /// - Returns: nil where there is no such stream, and for a logo or an accent that nobody has set.
  func face(_ resource: FaceResource, of stream: StreamName?) -> Representation? {
    let face = stream.map { streamFaces[$0] } ?? stationFace
    return switch resource {
    case .logo: face?.logo
    case .accent: face?.accent
    case .manifest: stream.map { manifests[$0] } ?? named.file("/ringcast.webmanifest")
    case .qrCode: nil
    }
  }

  /// The path of the page of a stream, or of the station; nil where there is no such stream.
  func path(of stream: StreamName?) -> String? {
    guard let stream else { return "" }
    guard players[stream] != nil else { return nil }
    return hasStationPage ? stream.text : ""
  }

  /// `/`: the page of the station where there are several streams, or the player of the only stream.
  /// - Parameter stream: the name in the query, which asks for the player of that stream.
  func front(of stream: String?, at address: PageAddress, seesNames: Bool) -> Representation? {
    if let stream {
      // A stream that does not exist gets a page without names, which says so.
      let player = seesNames ? StreamName(valid: stream).flatMap { players[$0]?[address] } : nil
      return player ?? plain.file("/index.html")
    }
    return file(hasStationPage ? "/station.html" : "/index.html", at: address, seesNames: seesNames)
  }
}

/// The names of a station and of its streams, as people read them.
struct StationNames: Sendable {
  private let identity: Identity
  private let isSeveral: Bool
  /// Nil for readers of names alone.
  private let faces: Faces?

  init(_ settings: StationSettings, _ faces: Faces? = nil) {
    (identity, isSeveral, self.faces) = (settings.identity, settings.streams.count > 1, faces)
  }

  var station: String { identity.name ?? Identity.defaultName }

  /// The name of a stream beside others of the station: the only stream is the station itself.
  func title(of stream: StreamSettings) -> String {
    stream.identity.name ?? (isSeveral ? stream.name.text : station)
  }

  var stationHead: PageHead {
    PageHead(title: station, site: station, description: identity.description, path: "", face: stationFace)
  }

  private var stationFace: PageFace? { faces.map { PageFace($0.station, in: "station/") } }

  /// The page of the station with links to the streams, for a browser without JavaScript.
  func listing(_ streams: [StreamSettings], in html: String) -> String {
    let (begin, end) = ("<ul class=\"links\">", "</ul>")
    let items = streams.map { stream in
      let (title, name) = (PageHead.escaped(title(of: stream)), stream.name)
      return "<li>\(title): <a href=\"\(name).m3u8\">HLS</a>, <a href=\"\(name).mp3\">MP3</a></li>"
    }
    return html.replacing(begin + end, with: begin + items.joined() + end, maxReplacements: 1)
  }

  /// The head of a page that is neither a player nor the page of the station.
  /// - Parameter path: such as `/rooms/room.html`.
  func head(ofPageAt path: String) -> PageHead {
    let root = String(repeating: "../", count: path.utf8.count { $0 == UInt8(ascii: "/") } - 1)
    return PageHead(
      site: station, description: nil, face: faces.map { PageFace($0.station, in: "station/", root: root) })
  }

  func head(of stream: StreamSettings) -> PageHead {
    let title = title(of: stream)
    return PageHead(
      title: title == station ? title : "\(title) · \(station)", linkTitle: title, site: station,
      description: stream.identity.description ?? identity.description, stream: stream.name,
      path: isSeveral ? stream.name.text : "",
      face: faces?.streams[stream.name].map { PageFace($0, in: "\(stream.name)/", hasManifest: isSeveral) })
  }

  /// The texts of a stream for a player that knows no page.
  func forPlayers(of stream: StreamSettings) -> Identity {
    var texts = stream.identity.completed(by: identity)
    texts.replace(name: stream.identity.name ?? identity.name.map { isSeveral ? "\($0) - \(stream.name)" : $0 })
    return texts
  }

  /// The web manifest with the name and the face of the station; nil for a text that is none.
  func manifest(_ text: String) -> String? {
    manifest(
      text, name: station, description: identity.description, face: faces?.station, logo: "station/logo", start: ".",
      folder: "")
  }

  /// The web manifest of a stream beside others, which lies in the folder of the stream.
  func manifest(_ text: String, of stream: StreamSettings) -> String? {
    manifest(
      text, name: title(of: stream), description: stream.identity.description ?? identity.description,
      face: faces?.streams[stream.name], logo: "logo", start: "../\(isSeveral ? stream.name.text : "")", folder: "../")
  }

  /// - Parameters:
  ///   - logo: the address of the logo, from the manifest.
  ///   - folder: leads from the manifest to the files of the page.
  private func manifest(
    _ text: String, name: String, description: String?, face: Face?, logo: String, start: String, folder: String
  ) -> String? {
    guard case .object(let members)? = try? JSON(Array(text.utf8)) else { return nil }
    let changed = members.map { member in
      switch member.0 {
      case "name", "short_name": (member.0, JSON.string(name))
      case "description": (member.0, description.map { JSON.string($0) } ?? member.1)
      case "start_url": (member.0, JSON.string(start))
      case "theme_color": (member.0, face?.accent.map { JSON.string($0.text) } ?? member.1)
      case "icons": (member.0, face?.logo.map { Self.icons($0, at: logo) } ?? Self.moved(member.1, to: folder))
      default: member
      }
    }
    return JSON.object(changed).text
  }

  private static func icons(_ logo: Logo, at address: String) -> JSON {
    .array([
      .object([
        ("src", .string(address)), ("sizes", .string(logo.size.map { "\($0.width)x\($0.height)" } ?? "any")),
        ("type", .string(logo.format.mediaType)),
      ])
    ])
  }

  /// The icons of the page, as a manifest in another folder names them.
  private static func moved(_ icons: JSON, to folder: String) -> JSON {
    guard case .array(let icons) = icons else { return icons }
    return .array(
      icons.map { icon in
        guard case .object(let members) = icon else { return icon }
        return .object(
          members.map { member in
            if member.0 == "src", case .string(let address) = member.1 { return (member.0, .string(folder + address)) }
            return member
          })
      })
  }
}
