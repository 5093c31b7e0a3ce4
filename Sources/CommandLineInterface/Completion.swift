/// The completion of the command line in bash, made from the table of flags.
package enum Completion {
  package static var text: String {
    let names = Flag.all.map { "--\($0.name)" }.joined(separator: " ")
    let paths = Flag.all.filter { $0.placeholder == "PATH" }.map { "--\($0.name)" }.joined(separator: " | ")
    let others = Flag.all.filter { $0.placeholder != nil && $0.placeholder != "PATH" }.map { "--\($0.name)" }
    return """
      # Made by ringcast --completion.
      _ringcast() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
        case $before in
          \(paths)) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
          \(others.joined(separator: " | "))) COMPREPLY=() ;;
          *) mapfile -t COMPREPLY < <(compgen -W '\(names)' -- "$word") ;;
        esac
      }
      complete -F _ringcast ringcast

      """
  }
}
