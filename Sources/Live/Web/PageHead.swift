/// The names of a station, and perhaps those of a stream, in the head of a page: for the browser's window, and for a messenger
/// that shows a link (Open Graph).
struct PageHead: Equatable, Sendable {
  /// Nil keeps the title of the page, in which the station's name takes the place of `ringcast`.
  var title: String?
  /// The title of a link. Nil is the title of the page.
  var linkTitle: String?
  let site: String
  /// Nil keeps the description of the page.
  var description: String?
  /// The stream that the page plays.
  var stream: StreamName?
  /// The path of the page, behind the address of the station; nil for a page whose links nobody shares.
  var path: String?
  /// Nil keeps the icons and the colours of the page.
  var face: PageFace?

  /// The page with the names in the place of its title and its description.
  /// - Parameters:
  ///   - html: a page without a title and without a head stays as it is.
  ///   - address: by which the reader of the page reaches the station.
  func applied(to html: String, at address: PageAddress = .unknown) -> String {
    var page = face?.applied(to: html) ?? html
    let described = Self.takeDescription(of: &page)
    let own = Self.takeTitle(of: &page)
    guard let place = own?.place ?? page.firstRange(of: "<head>")?.upperBound else { return html }
    let title = title.map(Self.escaped) ?? (own?.text ?? "").replacing("ringcast", with: Self.escaped(site))
    let description = description.map(Self.escaped) ?? described
    var lines = [
      "<title>\(title)</title>", Self.property("og:type", "website"),
      Self.property("og:title", linkTitle.map(Self.escaped) ?? title),
      Self.property("og:site_name", Self.escaped(site)),
    ]
    if let description {
      lines += ["<meta name=\"description\" content=\"\(description)\">", Self.property("og:description", description)]
    }
    if let stream { lines.append("<meta name=\"ringcast-stream\" content=\"\(stream)\">") }
    if let path {
      if !address.base.isEmpty { lines.append(Self.property("og:url", Self.escaped(address.base + path))) }
      lines += Self.picture(face, at: address)
      lines.append("<meta name=\"twitter:card\" content=\"summary\">")
    }
    lines += face?.lines ?? []
    page.insert(contentsOf: lines.joined(separator: "\n  "), at: place)
    return page
  }

  /// The page with the names, where the wordmark has the station's name, too.
  func branded(_ html: String) -> String {
    var page = applied(to: html)
    if let start = page.firstRange(of: "<p class=\"wordmark\">"),
      let end = page[start.upperBound...].firstRange(of: "</p>"),
      let name = page[start.upperBound..<end.lowerBound].firstRange(of: "ringcast")
    {
      page.replaceSubrange(name, with: Self.escaped(site))
    }
    return page
  }

  /// The picture that a messenger shows with a link (ogp.me): a messenger needs the whole address.
  private static func picture(_ face: PageFace?, at address: PageAddress) -> [String] {
    guard let face, let logo = face.logo else { return [property("og:image", escaped(address.base + "icon.png"))] }
    let size = logo.size.map { [("og:image:width", $0.width), ("og:image:height", $0.height)] } ?? []
    return [
      property("og:image", escaped(address.base + face.logoPath)), property("og:image:type", logo.format.mediaType),
    ] + size.map { property($0.0, String($0.1)) }
  }

  private static func property(_ name: String, _ content: String) -> String {
    "<meta property=\"\(name)\" content=\"\(content)\">"
  }

  /// The text in HTML, for the content of an element and for a value in quotation marks.
  static func escaped(_ text: String) -> String {
    // Scalar by scalar: an accent upon a character of markup makes another `Character`, and is still markup.
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }

  /// Removes the title.
  /// - Returns: the text of the title, and its place; nil where the page has none.
  private static func takeTitle(of page: inout String) -> (text: String, place: String.Index)? {
    guard let open = page.firstRange(of: "<title>"),
      let close = page[open.upperBound...].firstRange(of: "</title>")
    else { return nil }
    let text = String(page[open.upperBound..<close.lowerBound])
    let before = page[..<open.lowerBound].unicodeScalars.count
    page.removeSubrange(open.lowerBound..<close.upperBound)
    return (text, page.unicodeScalars.index(page.startIndex, offsetBy: before))
  }

  /// Removes the description.
  /// - Returns: the description in HTML; nil where the page has none.
  private static func takeDescription(of page: inout String) -> String? {
    let (opening, closing) = ("<meta name=\"description\" content=\"", "\">")
    guard let open = page.firstRange(of: opening),
      let close = page[open.upperBound...].firstRange(of: closing)
    else { return nil }
    let text = String(page[open.upperBound..<close.lowerBound])
    // With the white space in front, so that no empty line stays behind.
    let before = page[..<open.lowerBound].lastIndex { !$0.isWhitespace }
    page.removeSubrange((before.map { page.index(after: $0) } ?? page.startIndex)..<close.upperBound)
    return text
  }
}
