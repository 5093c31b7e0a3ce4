import Glibc

/// The colour by which people know a station or a stream, and the colours that pages derive from it: a text in any accent
/// is readable on both grounds of the page.
package struct Accent: Equatable, Sendable {
  /// The colours behind a text of one colour scheme, as `web/style.css` has them.
  struct Grounds {
    let colours: [Accent]
    /// Whether a text becomes readable by white, and not by black.
    let isDark: Bool

    static let dark = Grounds(colours: [Accent(0x0E1618), Accent(0x16221F)], isDark: true)
    static let light = Grounds(colours: [Accent(0xF4EFE5), Accent(0xFFFAF0)], isDark: false)
  }

  /// WCAG 2.2, 1.4.3: text "has a contrast ratio of at least 4.5:1".
  private static let readable = 4.5

  /// 24 bits: red, green, blue.
  private let rgb: UInt32

  private init(_ rgb: UInt32) { self.rgb = rgb }

  /// - Throws: the rule for a text that is neither `#rgb` nor `#rrggbb`.
  package init(_ text: String) throws(InvalidInput.Rule) {
    let digits = text.utf8.dropFirst()
    let isHexadecimal = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    guard text.utf8.first == UInt8(ascii: "#"), [3, 6].contains(digits.count), isHexadecimal,
      let number = UInt32(Substring(digits), radix: 16)
    else {
      throw InvalidInput.Rule("it must be a colour, # and 3 or 6 hexadecimal digits, such as #0a7 or #00aa77")
    }
    rgb = digits.count == 6 ? number : [8, 4, 0].reduce(0) { $0 << 8 | (number >> $1 & 0xF) * 0x11 }
  }

  /// `#rrggbb`.
  package var text: String {
    let digits = String(rgb, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
  }

  /// The colour nearest to this one in which a text is readable on the grounds.
  func readable(on grounds: Grounds) -> Accent {
    for step in 0...100 {
      let mixed = mixed(with: grounds.isDark ? 255 : 0, Double(step) / 100)
      if grounds.colours.allSatisfy({ mixed.contrast(to: $0) >= Self.readable }) { return mixed }
    }
    return grounds.isDark ? Accent(0xFFFFFF) : Accent(0)
  }

  /// The colour of a text that stands on this colour: nearly white, or nearly black.
  var ink: Accent {
    let (light, dark) = (Accent(0xFFFFFF), Accent(0x0B0F10))
    return contrast(to: light) >= contrast(to: dark) ? light : dark
  }

  /// WCAG 2.2, "contrast ratio": 1 to 21.
  func contrast(to other: Accent) -> Double {
    let (one, two) = (luminance, other.luminance)
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)
  }

  /// A style sheet that puts the colours into the pages. It wins over the style sheets of the pages wherever it stands.
  var styleSheet: String {
    func rule(_ grounds: Grounds) -> String {
      let colour = readable(on: grounds)
      return ":root:root { --accent: \(colour.text); --on-accent: \(colour.ink.text); }"
    }
    return "\(rule(.dark))\n@media (prefers-color-scheme: light) { \(rule(.light)) }\n"
  }

  private var channels: [Double] { [16, 8, 0].map { Double(rgb >> $0 & 0xFF) } }

  /// WCAG 2.2, "relative luminance": 0 to 1.
  private var luminance: Double {
    let linear = channels.map { channel in
      let part = channel / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  private func mixed(with grey: Double, _ part: Double) -> Accent {
    Accent(channels.reduce(0) { $0 << 8 | UInt32(($1 + (grey - $1) * part).rounded()) })
  }
}
