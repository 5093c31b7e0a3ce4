/// The logo and the accent as a page shows them: in the head, in the icons of the browser, and beside the name.
struct PageFace: Equatable, Sendable {
  let logo: Logo?
  private let hasAccent: Bool
  /// The folder of the resources, from the page, with its slash.
  private let folder: String
  /// The root of the station, from the page: empty, or `../`.
  private let root: String
  /// Whether the page has a web manifest of its own.
  private let hasManifest: Bool

  /// - Parameter folder: of the resources, from the root of the station, with its slash.
  init(_ face: Face, in folder: String, hasManifest: Bool = false, root: String = "") {
    (logo, hasAccent) = (face.logo, face.accent != nil)
    (self.folder, self.hasManifest, self.root) = (root + folder, hasManifest, root)
  }

  var logoPath: String { folder + FaceResource.logo.rawValue }

  /// The lines that the head of the page needs besides.
  var lines: [String] {
    var lines: [String] = []
    // The names of streams and of resources need no escaping.
    if logo != nil { lines.append("<meta name=\"ringcast-logo\" content=\"\(logoPath)\">") }
    if hasAccent { lines.append("<link rel=\"stylesheet\" href=\"\(folder)\(FaceResource.accent.rawValue)\">") }
    return lines
  }

  /// The page with its icons and its mark replaced by the logo.
  func applied(to html: String) -> String {
    var page = html
    if hasManifest {
      page = page.replacing(
        "href=\"ringcast.webmanifest\"", with: "href=\"\(folder)\(FaceResource.manifest.rawValue)\"")
    }
    guard let logo else { return page }
    page = page.replacing(
      "<link rel=\"icon\" href=\"\(root)icon.svg\" type=\"image/svg+xml\">",
      with: "<link rel=\"icon\" href=\"\(logoPath)\" type=\"\(logo.format.mediaType)\">")
    // A phone's home screen takes no SVG picture, and is to show no other station's icon.
    page = page.replacing(
      "<link rel=\"apple-touch-icon\" href=\"\(root)icon.png\">",
      with: logo.format == .svg ? "" : "<link rel=\"apple-touch-icon\" href=\"\(logoPath)\">")
    if let start = page.firstRange(of: "<svg class=\"mark\""),
      let end = page[start.upperBound...].firstRange(of: "</svg>")
    {
      page.replaceSubrange(
        start.lowerBound..<end.upperBound, with: "<img class=\"logo\" src=\"\(logoPath)\" alt=\"\">")
    }
    return page
  }
}
