/// The text of `--help`, made from the table of flags.
package enum Help {
  /// The most columns of the names. The text of a longer name begins further right.
  private static let columns = 26

  package static var text: String {
    var lines = [
      "usage: ringcast [options]",
      "",
      "ringcast streams live sound to the web. It encodes the sound of a card, a file or a pipe as MP3, cuts the sound into HLS",
      "segments, and serves a page that plays them without a gap. Write a value after a space or an equals sign.",
      "To try it: ringcast --source tone, and open http://localhost:8080/ in a browser.",
      "Flags before the first --stream NAME hold for every stream. In the --config file, each line [stream NAME] begins the",
      "settings of one stream, and [rooms] those of the rooms.",
    ]
    let columns = min(Flag.all.map { label($0).count }.max()! + 2, Self.columns)
    for group in Flag.Group.allCases {
      lines += ["", "\(group.rawValue):"]
      for flag in Flag.all where flag.group == group {
        let name = label(flag)
        lines.append("  " + name + String(repeating: " ", count: max(1, columns - name.count)) + flag.help)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func label(_ flag: Flag) -> String {
    "--\(flag.name)" + (flag.placeholder.map { " \($0)" } ?? "")
  }
}
