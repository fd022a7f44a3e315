#include "base/error.hpp"
#include "cli/candidates.hpp"
#include "cli/options.hpp"
#include "cli/standard_output.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {"motet completion SHELL",
                        "Prints a script that completes motet's verbs, options, stage types, parameters and inputs, "
                        "for bash, zsh or fish.\n"
                        "cmake --install puts them where the shells look.",
                        "  source <(motet completion bash)\n"
                        "  motet completion fish > ~/.config/fish/completions/motet.fish\n"};

// The scripts ask the program itself, with the line as far as it is typed: a word and what it is a line, a tab between,
// and last which files may stand there.
constexpr const char* kBash = R"(# Completes motet in bash.
# bash itself takes what begins with @ for a host.
_motet_behind_at() {
  local file
  compopt -o nospace 2> /dev/null
  while IFS= read -r file; do
    [[ -d $file ]] && file+=/
    COMPREPLY+=("@$file")
  done < <(compgen -f -- "$1")
}
_motet() {
  local line=${COMP_LINE:0:COMP_POINT} words word about cut
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  local last=${words[${#words[@]} - 1]}
  # bash itself ends a word at = and :, and puts in what comes behind.
  cut=${last%"${last##*[=:]}"}
  COMPREPLY=()
  while IFS=$'\t' read -r word about; do
    case $word in
      /files) if [[ $last == *=@* ]]; then _motet_behind_at "${last#*=@}"; else compopt -o default 2> /dev/null; fi ;;
      /folders) compopt -o dirnames 2> /dev/null ;;
      *=) compopt -o nospace 2> /dev/null; COMPREPLY+=("${word#"$cut"}") ;;
      *) COMPREPLY+=("${word#"$cut"}") ;;
    esac
  done < <("${words[0]/#\~/$HOME}" completion words "${words[@]:1}" 2> /dev/null)
}
complete -F _motet motet
)";
constexpr const char* kZsh = R"(#compdef motet
# Completes motet in zsh.
_motet() {
  local line word about files=0 folders=0
  local -a plain open plain_shown open_shown
  for line in "${(@f)$(_call_program motet ${(q)words[1]} completion words ${(qq)words[2,CURRENT]} 2> /dev/null)}"; do
    word=${line%%$'\t'*} about=${line#*$'\t'}
    case $word in
      '') ;;
      /files) files=1 ;;
      /folders) folders=1 ;;
      *=) open+=($word) open_shown+=("$word${about:+  $about}") ;;
      *) plain+=($word) plain_shown+=("$word${about:+  $about}") ;;
    esac
  done
  (( $#plain )) && compadd -l -d plain_shown -- $plain
  (( $#open )) && compadd -l -S '' -d open_shown -- $open
  if (( files || folders )); then
    compset -P '*='
    compset -P '@'
    (( files )) && _files || _files -/
  fi
}
if [[ $funcstack[1] == _motet ]]; then _motet "$@"; else compdef _motet motet; fi
)";
constexpr const char* kFish = R"(# Completes motet in fish.
function __motet_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] completion words $words[2..-1] 2> /dev/null)
    set -l parts (string split -m 1 \t -- $line)
    set -l current (commandline -ct)
    switch $parts[1]
      case /files
        __motet_paths "$current"
      case /folders
        __motet_paths "$current" | string match -r '.*/(?:\t.*)?$'
      case '*'
        echo $line
    end
  end
end
# Paths, also behind NAME= and NAME=@.
function __motet_paths
  set -l before (string match -r '^.*=@?' -- $argv[1]; or echo '')
  set -l path (string replace -r '^.*=@?' '' -- $argv[1])
  for found in (complete -C "__motet_none $path")
    echo $before$found
  end
end
complete -c motet -f -a '(__motet_complete)'
)";

int words(const Invocation& invocation) {
  const std::vector<std::string> typed(invocation.arguments.begin() + 1, invocation.arguments.end());
  const Candidates found = candidates(typed, invocation);
  std::string out;
  for (const Candidate& one : found.words) {
    out += one.word + "\t" + one.about.substr(0, one.about.find('\n')) + "\n";
  }
  if (found.files) out += "/files\t\n";
  if (found.folders) out += "/folders\t\n";
  StandardOutput().write(out);
  return 0;
}

}  // namespace

int completion(const Invocation& invocation) {
  // What the scripts ask; its words may look like options.
  if (!invocation.arguments.empty() && invocation.arguments.front() == "words") return words(invocation);
  std::string shell;
  Options options(kHelp);
  options.positional("SHELL", shell);
  if (!options.parse(invocation)) return 0;
  const char* script = shell == "bash" ? kBash : shell == "zsh" ? kZsh : shell == "fish" ? kFish : nullptr;
  if (script == nullptr)
    base::fail(base::ErrorKind::user, "there is no completion for '" + shell + "'",
               "the shells are bash, zsh and fish");
  StandardOutput().write(script);
  return 0;
}

}  // namespace motet::cli
